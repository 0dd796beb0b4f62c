//! The help of `vigie serve`.

mod common;

use common::help::own;

#[test]
fn help_serve() {
    insta::assert_snapshot!(own("serve"), @r#"
    Serve a page to search with, and an API, on this machine

    Prints the address of the page once it can be opened, and serves until Ctrl-C or SIGTERM; open
    requests are answered then. An index that is updated or rebuilt meanwhile is taken up by itself, at
    once on SIGHUP. With -v each request is told on standard error. The API is described at
    /api/openapi.json.

    Usage: vigie serve [OPTIONS]

    Options:
          --listen <ADDRESS:PORT>
              Address and port to listen on; port 0 takes a free one

              [default: 127.0.0.1:8080]

          --host <NAME>
              Name that the server is called by besides its address, such as that of a proxy; with a
              port, or for any. Repeatable

          --token-file <FILE>
              File that holds what whoever asks has to know; needed for an address that others can reach

          --log <SHAPE>
              Shape of what is told on standard error

              Possible values:
              - text: Lines for people
              - json: One JSON object a line

              [default: text]

      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Limits:
          --threads <N>
              Searches that run at the same time, 0 for one a core

          --queue <N>
              Searches that may wait for their turn; more are told to come again

              [default: 256]

          --timeout <SECONDS>
              Longest time for a request, in seconds; then what is known is told

              [default: 10]

          --patience <SECONDS>
              Longest time for a peer to send a request, to send the next one, and to take some of an
              answer, in seconds

              [default: 15]

          --connections <N>
              Connections that are open at the same time

              [default: 512]

          --max-body <BYTES>
              Longest body of a request, in bytes

              [default: 1048576]

          --max-query <CHARACTERS>
              Longest query, in characters

              [default: 2000]

          --max-hits <N>
              Most hits in an answer

              [default: 1000]

    Examples:
      vigie serve
      vigie serve --listen 127.0.0.1:0 --lang fr
      vigie serve --listen 0.0.0.0:8080 --token-file token --host vigie.example.org
      curl 'http://127.0.0.1:8080/api/search?q=embuscade&region=Mopti&limit=3'
    "#);
}
