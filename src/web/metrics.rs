//! What is counted of the requests, and how Prometheus reads it.

use std::fmt;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use super::app::App;

type Labels = Vec<(&'static str, String)>;

/// Upper bounds of the histogram, in seconds.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Counts since the start.
pub(super) struct Metrics {
    requests: Family<Labels, Counter>,
    seconds: Family<Labels, Histogram, fn() -> Histogram>,
    refused: Family<Labels, Counter>,
    /// Searches whose time was over.
    pub(super) late: Counter,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(SECONDS);
        Self {
            requests: Family::default(),
            seconds: Family::new_with_constructor(histogram),
            refused: Family::default(),
            late: Counter::default(),
        }
    }

    /// Counts a request that was answered; `route` is the template of its path, so that there are few of them.
    pub(super) fn answered(&self, route: &str, method: &'static str, status: u16, seconds: f64) {
        let route = ("route", route.to_owned());
        let labels = vec![route.clone(), ("method", method.to_owned()), ("status", status.to_string())];
        self.requests.get_or_create(&labels).inc();
        self.seconds.get_or_create(&vec![route]).observe(seconds);
    }

    /// Counts a request that was refused before it was looked at.
    pub(super) fn refused(&self, why: &'static str) {
        self.refused.get_or_create(&vec![("why", why.to_owned())]).inc();
    }

    /// All of it as text.
    ///
    /// # Errors
    /// The writer's own.
    pub(super) fn text(&self, app: &App) -> Result<String, fmt::Error> {
        let mut registry = Registry::with_prefix("vigie");
        registry.register("http_requests", "Requests that were answered", self.requests.clone());
        let help = "Time from a request's head to its answer's head";
        registry.register_with_unit("http_request", help, Unit::Seconds, self.seconds.clone());
        registry.register("refused", "Requests that were refused before they were looked at", self.refused.clone());
        registry.register("late", "Searches whose time was over", self.late.clone());
        let gauge = |value: usize| ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX));
        let (running, waiting) = app.load();
        registry.register("searches_running", "Searches that run now", gauge(running));
        registry.register("searches_waiting", "Searches that wait for their turn", gauge(waiting));
        let stale = app.live.stale().is_some();
        let open = app.live.current();
        let help = "Whether the index on disk cannot be opened, and the one from before answers";
        registry.register("index_stale", help, gauge(usize::from(stale)));
        let exchanged: Counter = Counter::default();
        exchanged.inc_by(app.live.exchanged());
        registry.register("index_reloads", "How often the index was exchanged for another", exchanged);
        registry.register(
            "index",
            "The index that answers",
            Info::new(vec![("digest", open.reader.digest().to_owned())]),
        );
        if let Ok(info) = open.info() {
            let number = |value: u64| ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX));
            registry.register("index_reports", "Reports of the index", number(info.reports));
            registry.register("index_passages", "Passages of the index", number(info.passages));
        }
        let mut text = String::new();
        encode(&mut text, &registry)?;
        if let Some(bytes) = resident() {
            // As all programs name it: without a prefix.
            let mut registry = Registry::default();
            let memory: Gauge = Gauge::default();
            memory.set(bytes);
            registry.register("process_resident_memory_bytes", "Memory that the process holds", memory);
            text.truncate(text.trim_end().trim_end_matches("# EOF").len());
            encode(&mut text, &registry)?;
        }
        Ok(text)
    }
}

/// Bytes of memory that the process holds, where the system tells it.
fn resident() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: i64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}
