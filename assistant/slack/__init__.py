"""The Slack bot: the same answer with the same proof, over HTTP or Socket Mode.

    app          engine, settings and keys in, bolt's app out
    routing      HTTP: POST /slack/events, installing
    sockets      Socket Mode
    credentials  Slack's keys, from the environment
    manifest     the app manifest, ready to paste
    listening    mentions, direct messages, /label, the shortcut, buttons, openings
    once         each delivery taken once
    keeping      seen events, threads, installations
    desk         a question of a thread to an arranged answer
    engine       what the surface asks of an assistant
    arranging    a reply in reading order: at once, and with "Show more"
    showing      its parts: quotes, notices, small print
    rows         table rows, as blocks or in words
    links        where a citation is seen in its source
    pressing     what buttons carry
    blocks       Block Kit
    packing      blocks to messages within Slack's limits
    limits       what Slack takes at most
    delivering   messages to threads, to one person, to a response address
    texts        Slack's markup off and on
    saying       every sentence of the surface's own

Nothing here decides what is answered. A whole answer is there at once, so none is streamed: a stream would add calls of a
stricter rate limit and show nothing earlier; while an answer takes longer than a moment, a status is shown instead.
"""
