#!/bin/sh
# A journal of N transactions (100,000 if not said) in three formats, read by their own programs; and, if this build
# reads such journals, by `proforma check`. Needs hledger, ledger and beancount. Run after `cargo build --release`.
set -eu
N=${1:-100000}
HERE=$(cd "$(dirname "$0")/.." && pwd)
FOLDER=$(mktemp -d)
trap 'rm -r "$FOLDER"' EXIT
awk -v n="$N" -v folder="$FOLDER" 'BEGIN {
  bean = folder "/journal.beancount"; hl = folder "/journal.hledger"; led = folder "/journal.ledger-cli"
  for (a = 0; a < 50; a++) {
    printf "2015-01-01 open Assets:Account%d USD\n", a > bean
    printf "2015-01-01 open Expenses:Account%d USD\n", a > bean
  }
  split("31 28 31 30 31 30 31 31 30 31 30 31", days, " ")
  for (i = 0; i < n; i++) {
    day = int(i * 3640 / n); year = 2015 + int(day / 364); rest = day % 364; month = 1
    while (rest >= days[month]) { rest -= days[month]; month++ }
    date = sprintf("%04d-%02d-%02d", year, month, rest + 1)
    amount = sprintf("%d.%02d", i % 900 + 1, i % 100); a = i % 50; b = (i * 7) % 50
    printf "%s * \"transaction %d\"\n  Expenses:Account%d  %s USD\n  Assets:Account%d  -%s USD\n\n", date, i, a, amount, b, amount > bean
    printf "%s transaction %d\n  Expenses:Account%d  %s USD\n  Assets:Account%d  -%s USD\n\n", date, i, a, amount, b, amount > hl
    printf "%s transaction %d\n  Expenses:Account%d  %s USD\n  Assets:Account%d  -%s USD\n\n", date, i, a, amount, b, amount > led
  }
}'
ls -l "$FOLDER" | awk 'NR > 1 { print $9, $5, "bytes" }'
timed() {
  name=$1; shift
  /usr/bin/env bash -c 'TIMEFORMAT="%R s wall, %U s user"; time "$@" > /dev/null 2>&1' -- "$@" 2>&1 | sed "s/^/$name: /"
}
timed "hledger balance" hledger -f "$FOLDER/journal.hledger" balance
timed "ledger balance" ledger -f "$FOLDER/journal.ledger-cli" balance
timed "bean-check --no-cache" bean-check --no-cache "$FOLDER/journal.beancount"
BIN="$HERE/target/release/proforma"
if grep -qs journal_opening "$HERE/docs/LANGUAGE.md" || [ -d "$HERE/src/plaintext" ]; then
  printf 'use "journal.beancount"\n' > "$FOLDER/opening.pf"
  if "$BIN" check "$FOLDER/opening.pf" > "$FOLDER/said" 2>&1; then
    timed "proforma check" "$BIN" check "$FOLDER/opening.pf"
  else
    echo "proforma check: this journal is not read:"; head -3 "$FOLDER/said"
  fi
else
  echo "proforma check: this build reads no plain-text journals"
fi
