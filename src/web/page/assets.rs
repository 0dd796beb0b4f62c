//! Style, script and pictures: part of the program, served below `/assets/` under names that change with their content.

use std::sync::LazyLock;

use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};

use crate::web::problem::Problem;

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
pub(super) async fn asset(uri: Uri) -> Result<Response, Problem> {
    let found = [&STYLE, &SCRIPT, &ICON].into_iter().find(|asset| asset.href == uri.path());
    let asset = found.ok_or_else(|| Problem::nowhere(uri.path()))?;
    Ok(asset.response("public, max-age=31536000, immutable"))
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
        let drawn = include_str!("../../../schema/outlines.txt").len();
        assert!(assets.iter().map(|asset| asset.content.len()).sum::<usize>() + drawn < 300_000);
        for asset in assets {
            let plain = asset.content.replace("http://www.w3.org/2000/svg", "");
            assert!(!plain.contains("http:") && !plain.contains("https:"), "{}", asset.href);
            assert!(!plain.contains("@import") && !plain.contains("url("), "{}", asset.href);
        }
    }

    /// Relative luminance as WCAG 2 has it.
    fn luminance(colour: &str) -> f64 {
        let part = |at: usize| {
            let c = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
    }

    #[test]
    fn all_stands_out_enough_in_every_light() {
        let schemes: Vec<&str> = STYLE.content.split("--paper: ").skip(1).collect();
        // Light, dark by the system, dark by choice, print.
        assert_eq!(schemes.len(), 4);
        for scheme in &schemes {
            let scheme = format!("--paper: {}", scheme.split('}').next().unwrap());
            let colour = |name: &str| {
                let value = scheme.split(&format!("--{name}: #")).nth(1).unwrap_or_else(|| panic!("{name}: {scheme}"));
                let value = value.split(';').next().unwrap();
                if value.len() == 3 { value.chars().flat_map(|c| [c, c]).collect() } else { value.to_owned() }
            };
            // Text, and what has to be told apart to use the page.
            let printed = !scheme.contains("--on-accent");
            for (front, back, least) in [
                ("ink", "paper", 7.0),
                ("ink", "raised", 7.0),
                ("quiet", "paper", 4.5),
                ("quiet", "raised", 4.5),
                ("quiet", "land", 4.5),
                ("ink", "land", 4.5),
                ("ink", "sea", 4.5),
                ("accent", "paper", 4.5),
                ("accent", "raised", 4.5),
                ("accent", "land", 3.0),
                ("marked", "mark", 4.5),
                ("wrong", "raised", 4.5),
                ("on-accent", "accent", 4.5),
                ("edge", "paper", 3.0),
            ] {
                if printed && ["wrong", "on-accent"].contains(&front) {
                    continue;
                }
                let (a, b) = (luminance(&colour(front)), luminance(&colour(back)));
                let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
                assert!(contrast >= least, "{front} on {back}: {contrast:.1}");
            }
        }
        assert_eq!(
            schemes[1].split('}').next().unwrap().replace(' ', ""),
            schemes[2].split('}').next().unwrap().replace(' ', "")
        );
    }
}
