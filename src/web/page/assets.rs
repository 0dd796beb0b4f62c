//! Style, script and pictures: part of the program, served below `/assets/` under names that change with their content.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A file of the page.
pub(super) struct Asset {
    /// Where it is: `/assets/` and its name with the hash of its content.
    pub(super) href: String,
    kind: &'static str,
    content: &'static str,
}

impl Asset {
    fn new(stem: &str, extension: &str, kind: &'static str, content: &'static str) -> Self {
        let hash = blake3::hash(content.as_bytes()).to_hex();
        Self { href: format!("/assets/{stem}-{}.{extension}", &hash[..16]), kind, content }
    }

    fn response(&self, caching: &'static str) -> Response {
        let headers = [(header::CONTENT_TYPE, self.kind), (header::CACHE_CONTROL, caching)];
        (headers, self.content).into_response()
    }
}

pub(super) static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "vigie",
        "css",
        "text/css; charset=utf-8",
        concat!(include_str!("../assets/vigie.css"), include_str!("../assets/drawings.css")),
    )
});
pub(super) static SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("vigie", "js", "text/javascript; charset=utf-8", include_str!("../assets/vigie.js")));
pub(super) static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("vigie", "svg", "image/svg+xml", include_str!("../assets/vigie.svg")));

/// `/assets/{name}`.
pub(super) async fn asset(Path(name): Path<String>) -> Response {
    let found = [&STYLE, &SCRIPT, &ICON].into_iter().find(|asset| asset.href["/assets/".len()..] == name);
    match found {
        Some(asset) => asset.response("public, max-age=31536000, immutable"),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Where browsers look for an icon that no page has named.
pub(super) async fn icon() -> Response {
    let mut response = ICON.response("public, max-age=86400");
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_pages_need_is_small_and_theirs() {
        let assets = [&*STYLE, &*SCRIPT, &*ICON];
        assert!(assets.iter().map(|asset| asset.content.len()).sum::<usize>() < 100_000);
        for asset in assets {
            let plain = asset.content.replace("http://www.w3.org/2000/svg", "");
            assert!(
                !plain.contains("http:") && !plain.contains("https:") && !plain.contains("@import"),
                "{}",
                asset.href
            );
        }
    }
}
