//! A server that runs for a test, and what it answers.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::Desk;

/// Long enough for a busy machine; it only ends what would never end.
const LONG: Duration = Duration::from_mins(2);

/// A server on a free port of 127.0.0.1, which ends with the test.
pub(crate) struct Server {
    child: Child,
    /// Without a slash at its end.
    pub(crate) url: String,
    pub(crate) address: SocketAddr,
    err: PathBuf,
    agent: ureq::Agent,
}

impl Server {
    /// Starts a server over the index of a desk.
    pub(crate) fn start(desk: &Desk, args: &[&str]) -> Self {
        let mut all = vec!["serve"];
        if !args.contains(&"--listen") {
            all.extend(["--listen", "127.0.0.1:0"]);
        }
        all.extend(args);
        let err = desk.path(&format!("serve-{:?}.err", std::thread::current().id()));
        let mut command = desk.command(&all);
        let mut child = command.stdout(Stdio::piped()).stderr(File::create(&err).unwrap()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim_end().trim_end_matches('/').to_owned();
        let port = url.rsplit(':').next().and_then(|port| port.parse::<u16>().ok());
        let port = port.unwrap_or_else(|| panic!("no url: {line:?} {}", fs::read_to_string(&err).unwrap()));
        let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0);
        let agent = config.max_redirects_will_error(false).timeout_global(Some(LONG)).build().into();
        Self { child, url, address: SocketAddr::from(([127, 0, 0, 1], port)), err, agent }
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.get_with(path, &[])
    }

    pub(crate) fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        let mut request = self.agent.get(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Reply::of(request.call().unwrap())
    }

    pub(crate) fn post(&self, path: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Reply {
        let mut request = self.agent.post(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Reply::of(request.send(body.as_ref()).unwrap())
    }

    pub(crate) fn post_json(&self, path: &str, body: &Value) -> Reply {
        self.post(path, &[("content-type", "application/json")], body.to_string())
    }

    /// Sends bytes as they are on a connection of its own, and gives all that comes back until it is closed.
    pub(crate) fn raw(&self, bytes: impl AsRef<[u8]>) -> String {
        let mut stream = self.connect();
        stream.write_all(bytes.as_ref()).unwrap();
        rest(stream)
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(LONG)).unwrap();
        stream
    }

    /// A value of the metrics, by its name and labels.
    pub(crate) fn metric(&self, name: &str) -> Option<f64> {
        let text = self.get("/metrics").text;
        text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    /// Waits until it ends, and gives its exit status.
    pub(crate) fn wait(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    /// What it told so far.
    pub(crate) fn told(&self) -> String {
        fs::read_to_string(&self.err).unwrap()
    }

    /// Waits until it has told something.
    pub(crate) fn tells(&self, what: &str) -> String {
        until(what, || Some(self.told()).filter(|told| told.contains(what)))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits for something to come about.
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..12_000 {
        if let Some(found) = look() {
            return found;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("never came about: {what}");
}

/// All that comes until a connection is closed.
pub(crate) fn rest(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Ok(_) => {}
        Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset),
    }
    String::from_utf8(bytes).unwrap()
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) text: String,
}

impl Reply {
    fn of(mut response: ureq::http::Response<ureq::Body>) -> Self {
        let header = |(name, value): (&ureq::http::HeaderName, &ureq::http::HeaderValue)| {
            (name.to_string(), value.to_str().unwrap().to_owned())
        };
        Self {
            status: response.status().as_u16(),
            headers: response.headers().iter().map(header).collect(),
            text: response.body_mut().read_to_string().unwrap(),
        }
    }

    /// A header; empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Expects success.
    #[track_caller]
    pub(crate) fn good(self) -> Self {
        assert_eq!(self.status, 200, "{self:?}");
        self
    }

    /// Expects a problem of a kind, and gives it.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, kind: &str) -> Value {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        let problem = self.json();
        super::validate("problem.schema.json", &problem);
        assert_eq!(problem["type"], format!("https://vigie.invalid/problem/{kind}"), "{self:?}");
        assert_eq!((self.status, &problem["status"]), (status, &Value::from(status)), "{self:?}");
        problem
    }
}
