/** Help that teaches by example. */

export const TOP_HELP = `
Examples:
  imagemill run prompts.csv                       plan, ask, make, deliver
  imagemill plan prompts.csv --model auto         what it would cost; spends nothing
  imagemill run prompts.csv --proof 10            ten images first, then it waits for approve
  imagemill status                                how the newest run stands
  imagemill resume                                go on after Ctrl-C, a crash or a budget
  imagemill tools upscale shots                   upscale, convert, check, mark: any folder or run
  imagemill help configuration                    the config file and the environment

Exit codes:
  0    every row delivered                 6    some outcomes unknown
  2    bad usage or sheet                  7    waits for approval
  3    stopped by the budget               8    stopped: paused, cancelled, account, key, disk
  4    some images refused                 130  interrupted, resumable
  5    some images failed                  9    reconcile, verify: something differs
                                           1    an unexpected error
  If several apply, the first of 130, 7, 3, 8, 6, 5, 4. run, resume, approve and retry end with
  them; status, list, pause, cancel and export end with 0 when they did what was asked.

Environment:
  OPENAI_API_KEY, BFL_API_KEY, GEMINI_API_KEY,    keys of the vendors; without any, the demo
  KLING_API_KEY, DASHSCOPE_API_KEY                model paints
  OPENAI_BASE_URL, BFL_BASE_URL, …                other addresses of the vendors
  OPENAI_ADMIN_KEY                                lets reconcile read OpenAI's usage report
  IMAGEMILL_HOME                                  where runs and images are kept (~/.imagemill)
  IMAGEMILL_CONFIG                                the config file
  IMAGEMILL_SIZE, IMAGEMILL_BUDGET, …             any option of run, by its long name
  DATABASE_URL                                    PostgreSQL instead of the embedded store
  STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET        let serve sell the packs of the config file
  NO_COLOR                                        no colours
  IMAGEMILL_DEBUG=1                               the stack of an unexpected error
`;

export const CONFIGURATION_HELP = `Configuration

An option of run is taken from the first place that has it:
  1. the command line        --batch-size 50
  2. the environment         IMAGEMILL_BATCH_SIZE=50
  3. the config file         defaults: { batch-size: 50 }
  4. the built-in default

The config file is the first of: --config FILE (or IMAGEMILL_CONFIG), imagemill.yaml in the working
folder, imagemill.yaml in the home folder (--home, IMAGEMILL_HOME, ~/.imagemill).
Paths in it are relative to it. Keys are read from the environment only.

Example imagemill.yaml:

  defaults:                     # any option of run, by its long name
    model: auto
    size: 1024x1536
    quality: high
    budget: 500
    map: { Caption: prompt, Link: '' }
  vendors:
    openai:
      tier: tier-3              # what your account may do: a tier of the catalog …
    kling:
      limits: { parallel-images: 5 }   # … or figures; what is not said is learned
      concurrency: 8
    bfl:
      base_url: https://api.eu.bfl.ai
    forge:                      # a server of your own, under a name of your own
      kind: automatic1111       # or comfyui, openai-compatible, ai-sdk, many-prompts
      base_url: http://127.0.0.1:7860
      slots: 1                  # most requests at a time
      options: { steps: 30, sampler_name: DPM++ 2M }
  auto: [kling-v3]              # models that auto may take beside those of its table
  workspace:
    tier: standard              # 200 images in any hour; or images_per_hour: 500
  references:
    allow_private: true         # web addresses of references may be in your own network
  credentials:                  # signs what is made here (C2PA)
    certificate: chain.pem
    private_key: key.pem        # or private_key_variable: NAME of an environment variable
    trust: anchors.pem          # whose signatures tools inspect trusts
  packs:                        # credits that imagemill serve sells through Stripe, with both keys of it
    - { id: small, title: "1,000 credits", credits: 1000, price_cents: 3000, currency: usd }
  ceilings:                     # images in any hour, by credits bought; the last step may lift it
    - { bought: 0, images_per_hour: 200 }
    - { bought: 20000, images_per_hour: none }
  low_balance: 50               # the event credits.low is told below it
  stripe:
    checkout_origins: [https://studio.example.com]   # where browsers may go after paying
  models:                       # corrections of the catalog
    kling-v3: { credits: 1.5, usd: 0.03 }
    forge-sdxl:                 # a model of your own server, by its checkpoint's name there
      vendor: forge
      wire: sd_xl_base_1.0.safetensors
      credits: 0
      usd: 0
      negativePrompt: true
      seed: true
`;

export const RUN_EXAMPLES = `
Examples:
  imagemill run prompts.csv
  imagemill run prompts.csv --out spring --size 1024x1536 --quality high --budget 500
  imagemill run prompts.csv --model gpt-image-2,flux-kontext-pro --rotate-every 30
  imagemill run prompts.csv --model gpt-image-2,flux-kontext-pro --rotate-every auto
  imagemill run prompts.csv --model flux-kontext-pro --canary 25   # is image 200 as good as image 1?
  imagemill run prompts.csv --proof 10 --yes           # 10 images, then: imagemill approve RUN
  imagemill run prompts.csv --lane batch               # half the price, within a day
  imagemill run prompts.csv --lane auto --deadline 18:00   # the same, while it can be done in time
  imagemill run gallery.csv --map image=,aspect_ratio=  # ignore two columns
  imagemill run edits.csv --image photos/              # each prompt on each picture of the folder
  imagemill run prompts.csv --finish "upscale 2x; webp 82"
  imagemill run prompts.csv --json --yes | tail -n 1 | jq .items

Run the same sheet into the same folder again after editing it: only new and changed rows are paid.
All options may also stand in the environment or a config file: imagemill help configuration
`;

export const PLAN_EXAMPLES = `
Examples:
  imagemill plan prompts.csv
  imagemill plan prompts.csv --model kling-v3 --count 4 --quality high
  imagemill plan prompts.csv --json | jq .total
`;

export const EXAMPLES: Readonly<Record<string, string>> = {
  status: `
Examples:
  imagemill status                 the newest run
  imagemill status r7k2            a run by the beginning of its id
  imagemill status --json | jq .items
`,
  list: `
Examples:
  imagemill list
  imagemill list --json | jq -r '.runs[].run'
`,
  resume: `
Examples:
  imagemill resume                 the newest run that can go on
  imagemill resume r7k2 --budget 800
If another process works on the run, this one watches it, and takes over if that one dies.
`,
  approve: `
Examples:
  imagemill approve r7k2           after a proof, or when a run waits for your word to spend
  imagemill approve r7k2 --budget 300
`,
  pause: `
Examples:
  imagemill pause                  what is in flight is finished, then the run rests
  imagemill resume                 goes on
`,
  cancel: `
Examples:
  imagemill cancel r7k2            what was made is kept; what was not sent will not be
`,
  retry: `
Examples:
  imagemill retry r7k2 --failed    blank, broken or missing images
  imagemill retry r7k2 --refused   as they are
  imagemill retry r7k2 --refused --rewrite "studio photo, {prompt}"
  imagemill retry r7k2 --refused --failed --model kling-v3
  imagemill retry r7k2 --unknown   the vendor may bill these twice: you decide
The price is shown before anything is changed; --yes agrees to it, and where nobody can be asked it ends with 7.
Results stay with their row. To change a prompt for good, edit the sheet and run it again.
`,
  items: `
Examples:
  imagemill items r7k2 --state refused          what the vendors' policies said no to, and their words
  imagemill items r7k2 --state refused,failed --json | jq '.items[].refusal_category'
`,
  export: `
Examples:
  imagemill export r7k2            into its own folder, if files were lost there
  imagemill export r7k2 --out archive/spring
  imagemill export r7k2 --as zip                        beside its folder: spring-images.zip
  imagemill export r7k2 --as zip --finish "webp 82" --out small.zip
  imagemill export r7k2 --as webdataset --out spring --shard-size 500MB
It is made from the images as the models made them, by the run's recipe or by --finish, and costs
nothing. What is new appears under its name when it is whole; nothing that is there is overwritten.
webdataset: shards NAME-000000.tar … with KEY.png, KEY.json and KEY.txt (the prompt) for each image,
index.parquet with the place of each, dataset.json, README.md and results.csv. The prompts are data
there: --no-prompt-in-files and --no-marks concern what the image files say of themselves.
Each has SHA256SUMS: check it with sha256sum -c or imagemill verify. An export that was stopped
starts again. Exit codes: 0 all is there, 5 some images could not be read or not be finished so,
130 stopped by Ctrl-C.
`,
  verify: `
Examples:
  imagemill verify spring-images           a folder: by its manifest.json and SHA256SUMS
  imagemill verify spring.zip              an archive, without unpacking it
  imagemill verify spring/spring-*.tar     shards alone: by what their samples say of themselves
  imagemill verify spring-images --json | jq '.problems[]'
It needs neither the store nor a key. Files that nobody knows are listed, and are no fault.
Exit codes: 0 all is as it was delivered, 9 something is missing, changed or cut short, 2 nothing
there to check by, 130 stopped by Ctrl-C.
`,
  reconcile: `
Examples:
  imagemill reconcile r7k2
  imagemill reconcile r7k2 --json | jq '.vendors[] | select(.verdict == "differs")'
Kling names every task that it billed. OpenAI counts images by the minute, and tells it to an admin
key only (OPENAI_ADMIN_KEY). The other vendors have no report that could be asked for.
Exit codes: 0 all that could be compared agrees, 9 something differs, 8 a report could not be had.
`,
  models: `
Examples:
  imagemill models
  imagemill models --size 1536x1024 --quality high
  imagemill models gemini              one in full: prices, limits by tier, bounds, sources
  imagemill models --json | jq '.models[] | select(.batch)'
`,
  doctor: `
Examples:
  imagemill doctor
  imagemill doctor --json | jq .ok
  imagemill doctor --bundle help.zip --log imagemill.log    for somebody who helps: no keys, no prompts
`,
  reference: `
Examples:
  imagemill reference add hero=photo.jpg logo=https://example.org/logo.png
  imagemill reference list
  imagemill reference remove hero
In a sheet the column image then takes @hero, beside paths and web addresses; so does --image @hero.
`,
  simulate: `
Examples:
  imagemill simulate --latency 2000 --images-per-minute 30
  imagemill simulate --refuse 0.05 --fault status503=0.02 --fault replyLost=0.01
  imagemill simulate --refuse "dragon|knight" --port 9001
  imagemill simulate --fade 40     # to see --rotate-every auto and --canary at work, once: models
                                   # that have faded stay so until it is started anew
It prints the environment to export; run imagemill in another terminal with it. No key, no money.
Batches take a minute. How a vendor behaves can be changed while it runs, at its own port:
  curl 127.0.0.1:9001/_simulator/options --json '{"batch":{"durationMs":5000}}'
`,
};
