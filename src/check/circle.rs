//! Things that need each other.

/// Progress of the walk.
#[derive(Clone, Copy, PartialEq)]
enum Mark {
    New,
    Open,
    Done,
}

/// Each position after those it needs, and every circle that was met.
pub(super) fn order(needs: &[Vec<usize>]) -> (Vec<usize>, Vec<Vec<usize>>) {
    let mut marks = vec![Mark::New; needs.len()];
    let (mut order, mut circles) = (Vec::new(), Vec::new());
    for root in 0..needs.len() {
        let mut stack = vec![(root, 0)];
        while let Some((at, next)) = stack.last_mut() {
            let (here, step) = (*at, *next);
            *next += 1;
            let Some(mark) = marks.get_mut(here) else {
                stack.pop();
                continue;
            };
            if step == 0 && *mark != Mark::New {
                if *mark == Mark::Open {
                    stack.pop();
                    circles.push(stack.iter().map(|(at, _)| *at).skip_while(|at| *at != here).collect());
                } else {
                    stack.pop();
                }
                continue;
            }
            if let Some(need) = needs.get(here).and_then(|list| list.get(step)) {
                *mark = Mark::Open;
                stack.push((*need, 0));
            } else {
                *mark = Mark::Done;
                order.push(here);
                stack.pop();
            }
        }
    }
    (order, circles)
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn needs_come_first() {
        let (list, circles) = order(&[vec![1, 2], vec![2], vec![], vec![0]]);
        assert_eq!((list, circles.len()), (vec![2, 1, 0, 3], 0));
    }

    #[test]
    fn circles_are_named_once() {
        let (list, circles) = order(&[vec![1], vec![2], vec![0], vec![3], vec![0]]);
        assert_eq!(circles, [vec![0, 1, 2], vec![3]]);
        assert_eq!(list.len(), 5);
    }
}
