#!/bin/sh
# Imagemill's command line, as its README has it: the same command again goes on after a kill.
# The vendor's limit stands in the configuration file, as `imagemill help configuration` shows.
# Without a figure Imagemill learns it. The cap is --max-usd.
cat > imagemill.yaml <<END
models:
  gpt-image-2:
    limits:
      images-per-minute: { ${LIMIT_IMAGES:+max: $LIMIT_IMAGES, }seconds: ${WINDOW_SECONDS:-60}, unit: images }
END
exec "$IMAGEMILL" run "$SHEET" --yes --model gpt-image-2 --out "$OUT" --home home \
  ${CAP_USD:+--max-usd "$CAP_USD"} ${IN_FLIGHT:+--concurrency "$IN_FLIGHT"} ${ON_UNKNOWN:+--on-unknown "$ON_UNKNOWN"}
