#!/bin/sh
# Sorts lines: a process for each call, the body on standard input, the result on standard output.
echo "sorting for $FANFARE_FUNCTION, attempt $FANFARE_ATTEMPT" >&2
lines=$(cat)
if [ -z "$lines" ]; then
  echo "there is nothing to sort" >&2
  exit 65
fi
printf '%s\n' "$lines" | sort
