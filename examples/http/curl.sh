#!/bin/sh
# A run by curl: ordered, watched, fetched. Start the server first: `imagemill serve`.
#
#   IMAGEMILL_API_KEY=im_… ./curl.sh
set -eu
server="${IMAGEMILL_URL:-http://127.0.0.1:8787}"
key="Authorization: Bearer ${IMAGEMILL_API_KEY:?the key that the server printed at its first start}"

# The same key for each repetition: what a lost connection left open is never done twice.
order="order-$(date +%s)"
answer=$(curl --silent --show-error --fail-with-body --retry 3 "$server/v1/runs" \
  --header "$key" --header "Idempotency-Key: $order" --json '{
    "prompts": ["a red boat", "a blue boat"],
    "settings": { "models": ["demo"] },
    "approve": true
  }')
run=$(printf '%s' "$answer" | sed 's/.*"run":"\([^"]*\)".*/\1/')
echo "run $run"

# Ends with the event `end`.
curl --silent --no-buffer "$server/v1/runs/$run/events" --header "$key"

curl --silent --fail-with-body "$server/v1/runs/$run/results.csv" --header "$key"
