//! The replay in the whole terminal: the days on the left, what a day has on the right.

use ratatui::crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers};
use ratatui::layout::{Constraint, Layout};
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;
use ratatui::widgets::{Block, List, ListState, Paragraph};
use ratatui::{DefaultTerminal, Frame};

use super::super::exit::Stop;
use super::{Wish, led};
use crate::time::Date;

/// Columns of the list of days.
const LIST: u16 = 14;

/// What is on the screen.
struct View {
    days: Vec<Date>,
    at: usize,
    /// The first line and column shown of the day.
    from: (u16, u16),
    /// The day as it is drawn, and for how wide a page.
    page: String,
    width: u16,
    /// A day that is being typed.
    typed: Option<String>,
}

/// What a key asks for.
enum Asked {
    Go(Wish),
    Scroll(i32, i32),
    Type(char),
    Rub,
    Enter,
    Escape,
    Nothing,
}

/// Shows the days until `q`. The terminal is as it was afterwards, also after an error.
pub(super) fn view(days: &[Date], page: impl Fn(Date, usize) -> Result<String, Stop>) -> Result<(), Stop> {
    let mut terminal =
        ratatui::try_init().map_err(|error| Stop::new(format!("the terminal cannot be used: {error}")))?;
    let done = shown(&mut terminal, days, page);
    ratatui::restore();
    done
}

fn shown(
    terminal: &mut DefaultTerminal,
    days: &[Date],
    page: impl Fn(Date, usize) -> Result<String, Stop>,
) -> Result<(), Stop> {
    let broken = |error: std::io::Error| Stop::new(format!("the terminal cannot be used: {error}"));
    let mut view = View { days: days.to_vec(), at: 0, from: (0, 0), page: String::new(), width: 0, typed: None };
    let mut stale = true;
    loop {
        let width = terminal.size().map_err(broken)?.width.saturating_sub(LIST + 2).max(40);
        if stale || width != view.width {
            let day = view.days.get(view.at).copied();
            view.page = day.map_or_else(|| Ok("nothing happens".to_owned()), |day| page(day, usize::from(width)))?;
            view.width = width;
            stale = false;
        }
        terminal.draw(|frame| draw(frame, &view)).map_err(broken)?;
        let Event::Key(key) = event::read().map_err(broken)? else { continue };
        if key.kind != KeyEventKind::Press {
            continue;
        }
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        if control && key.code == KeyCode::Char('c') {
            return Ok(());
        }
        match asked(key.code, view.typed.is_some()) {
            Asked::Go(Wish::End) => return Ok(()),
            Asked::Go(wish) => {
                view.at = led(&view.days, view.at, wish);
                (view.from, stale) = ((0, 0), true);
            }
            Asked::Scroll(down, right) => {
                let moved = |from: u16, by: i32, most: usize| {
                    let most = i32::try_from(most).unwrap_or(i32::MAX);
                    u16::try_from((i32::from(from) + by).clamp(0, most)).unwrap_or(u16::MAX)
                };
                let (lines, columns) = (view.page.lines().count(), view.page.lines().map(str::len).max().unwrap_or(0));
                view.from = (moved(view.from.0, down, lines), moved(view.from.1, right, columns));
            }
            Asked::Type(letter) => view.typed.get_or_insert_default().push(letter),
            Asked::Rub => {
                view.typed.as_mut().and_then(String::pop);
            }
            Asked::Enter => {
                if let Some(day) = view.typed.take().and_then(|text| Date::parse(&text)) {
                    view.at = led(&view.days, view.at, Wish::To(day));
                    (view.from, stale) = ((0, 0), true);
                }
            }
            Asked::Escape => view.typed = None,
            Asked::Nothing => {}
        }
    }
}

fn asked(key: KeyCode, typing: bool) -> Asked {
    match key {
        KeyCode::Enter if typing => Asked::Enter,
        KeyCode::Esc if typing => Asked::Escape,
        KeyCode::Backspace if typing => Asked::Rub,
        KeyCode::Char(letter) if typing => Asked::Type(letter),
        KeyCode::Char('q') | KeyCode::Esc => Asked::Go(Wish::End),
        KeyCode::Char('n' | ' ') | KeyCode::Enter | KeyCode::Down => Asked::Go(Wish::Next),
        KeyCode::Char('p' | 'b') | KeyCode::Up => Asked::Go(Wish::Before),
        KeyCode::Char('g') | KeyCode::Home => Asked::Go(Wish::First),
        KeyCode::Char('G') | KeyCode::End => Asked::Go(Wish::Last),
        KeyCode::Char('j') => Asked::Scroll(1, 0),
        KeyCode::Char('k') => Asked::Scroll(-1, 0),
        KeyCode::PageDown => Asked::Scroll(20, 0),
        KeyCode::PageUp => Asked::Scroll(-20, 0),
        KeyCode::Char('l') | KeyCode::Right => Asked::Scroll(0, 8),
        KeyCode::Char('h') | KeyCode::Left => Asked::Scroll(0, -8),
        KeyCode::Char(digit) if digit.is_ascii_digit() => Asked::Type(digit),
        _ => Asked::Nothing,
    }
}

fn draw(frame: &mut Frame<'_>, view: &View) {
    let [body, foot] = Layout::vertical([Constraint::Min(3), Constraint::Length(1)]).areas(frame.area());
    let [list, page] = Layout::horizontal([Constraint::Length(LIST), Constraint::Min(20)]).areas(body);
    let days = view.days.iter().map(ToString::to_string);
    let of = format!("{}/{}", view.days.len().min(view.at + 1), view.days.len());
    let days = List::new(days)
        .block(Block::bordered().title(of))
        .highlight_style(Style::new().add_modifier(Modifier::REVERSED));
    let mut state = ListState::default().with_selected(Some(view.at));
    frame.render_stateful_widget(days, list, &mut state);
    let lines: Vec<Line<'_>> = view.page.lines().map(Line::raw).collect();
    frame.render_widget(Paragraph::new(lines).scroll(view.from), page);
    let help = "n next  p before  g first  G last  j k h l scroll  2027-08-20 Enter: that day  q end";
    let said =
        view.typed.as_ref().map_or_else(|| help.to_owned(), |typed| format!("to day: {typed}_  (YYYY-MM-DD, Enter)"));
    frame.render_widget(Line::raw(said), foot);
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use super::*;

    #[test]
    fn days_stand_beside_what_they_have() {
        let days = ["2026-01-05", "2026-02-02"].map(|day| Date::parse(day).unwrap()).to_vec();
        let page = "What happened\n1 GW delivered\n".to_owned();
        let view = View { days, at: 1, from: (0, 0), page, width: 60, typed: None };
        let mut terminal = Terminal::new(TestBackend::new(120, 6)).unwrap();
        terminal.draw(|frame| draw(frame, &view)).unwrap();
        let screen = terminal.backend().to_string();
        for said in ["2/2", "2026-02-02", "1 GW delivered", "q end"] {
            assert!(screen.contains(said), "{said}: {screen}");
        }
    }

    #[test]
    fn a_typed_day_takes_the_keys() {
        assert!(matches!(asked(KeyCode::Char('2'), false), Asked::Type('2')));
        assert!(matches!(asked(KeyCode::Char('-'), true), Asked::Type('-')));
        assert!(matches!(asked(KeyCode::Char('q'), false), Asked::Go(Wish::End)));
        assert!(matches!(asked(KeyCode::Esc, true), Asked::Escape));
    }
}
