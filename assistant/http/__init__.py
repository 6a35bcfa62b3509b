"""The HTTP surface: the API of the reply contract and the web chat.

    app        engine and settings in, FastAPI application out
    desk       where both ask: checks, calls the engine, counts
    engine     what the surface asks of an assistant
    asking     request bodies and what is allowed in them
    api        JSON and event-stream routes
    pages      the chat page and its plain forms
    sourcing   the source view and the list of labels
    downloading  a conversation to keep, as JSON and HTML
    gating     the first-use gate for health-care professionals
    embedding  the portal widget: its script, tokens, the page for a frame
    rendering  templates, with autoescape always on
    turns      a reply as a turn of the chat page
    chips      what was understood, as chips, and the question that changing one asks
    suggesting  what to ask next
    leaving    links to the same words where their publisher keeps them
    marking    text into pieces: cited, figure, invisible character
    heads      column header paths as rows of a table head
    source     a label as the source view shows it
    outline    what a label offers at a glance: sections, boxed warning, reporting number, examples to ask
    failing    errors to one JSON body or one friendly page
    admitting  who may call the API from another origin
    keys       portals' keys and the tokens made with them
    guarding   body cap, security headers, request ids, the last catch
    calling    who calls: keys and sessions
    signing_in  the page to sign in at
    pacing     rates, questions in hand, time
    reporting  the owner's reports
    counting   figures for Prometheus
    examples   the OpenAPI examples

Nothing here decides what is answered: replies come from the engine and are only shown. Left out: what
outlasts the process (`assistant.storing`).
"""
