//! The figures of RFC 6030 go in through `/otp-tokens/import`, and the tokens that come of them know their codes.

use claviger_domain::otp::{Algorithm, Digits, Seed, code};
use serde_json::{Value, json};

use crate::{
    hands,
    otp_imports::{Field, KEY, faults, send, total},
    seed_files::samples,
    served,
    server::{TestServer, World},
    stock::post,
};

/// A figure as the sources of python-pskc have it.
fn figure(number: u32) -> String {
    let file = samples().join(format!("rfc6030/figure{number}.pskcxml"));
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The code of eight digits that the tokens of the figures show.
fn shown(counter: u64) -> String {
    let seed = Seed::new(b"12345678901234567890".to_vec()).unwrap();
    code(&seed, Algorithm::Sha1, Digits::Eight, counter).using().to_string()
}

async fn told(server: &TestServer, world: &World, sought: (&str, &str), otp: &str) -> Value {
    let (by, what) = sought;
    let asked = json!({ by: what, "otp": otp });
    let answer = post(server, &world.token, "/verifications/otp", asked).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    answer.body["reason"].clone()
}

/// A tenant into which a figure went.
async fn delivered(server: &TestServer, number: u32, fields: &[Field<'_>]) -> World {
    let world = server.world(&format!("Figure {number}")).await;
    if number == 3 {
        hands::user(server, &world, "jsmith").await;
    }
    let done = send(server, &world.token, "", figure(number), fields).await;
    assert_eq!(done.status.as_u16(), 201, "figure {number}: {}", done.text);
    assert_eq!(
        done.body["counts"],
        json!({ "accepted": 1, "rejected": 0, "unchanged": 0 }),
        "figure {number}"
    );
    world
}

served! {
    async fn the_tokens_of_the_figures_know_their_codes(server) {
        let cases: [(u32, &[Field<'_>]); 4] =
            [(3, &[]), (5, &[]), (6, &[("pre_shared_key", KEY)]), (7, &[("password", "qwerty")])];
        for (number, fields) in cases {
            let world = delivered(server, number, fields).await;
            let sought = ("serial_number", "987654321");
            assert_eq!(told(server, &world, sought, "00000000").await, "rejected", "figure {number}");
            assert_eq!(told(server, &world, sought, &shown(0)).await, "ok", "figure {number}");
            assert_eq!(told(server, &world, sought, &shown(0)).await, "rejected", "figure {number}: used up");
            assert_eq!(told(server, &world, sought, &shown(3)).await, "ok", "figure {number}");
            let by_user = told(server, &world, ("user", "jsmith"), &shown(4)).await;
            assert_eq!(by_user, if number == 3 { "ok" } else { "rejected" }, "figure {number} names its user");
        }
    }

    async fn figures_that_are_no_tokens_bring_none_and_say_why(server) {
        for (number, column, detail) in [
            (2, "ResponseFormat/@Length", "the number of digits is missing"),
            (4, "Secret", "the seed is missing; keys that are made from other keys are not supported"),
        ] {
            let world = server.world(&format!("Figure {number}")).await;
            for query in ["", "?mode=good_rows"] {
                let refused = send(server, &world.token, query, figure(number), &[]).await;
                let (_, told, why) = faults(&refused.body)[0];
                assert_eq!(told, Some(column), "figure {number}: {}", refused.text);
                assert!(why.starts_with(detail), "figure {number}: {why}");
            }
            assert_eq!(total(server, &world).await, 0, "figure {number}");
        }
    }

    async fn a_delivery_of_tokens_that_have_expired_is_kept_and_believed_no_more(server) {
        let world = server.world("Figure 10").await;
        let refused = send(server, &world.token, "", figure(10), &[]).await;
        assert_eq!((refused.status.as_u16(), total(server, &world).await), (422, 0), "{}", refused.text);
        let good = send(server, &world.token, "?mode=good_rows", figure(10), &[]).await;
        assert_eq!(good.body["counts"], json!({ "accepted": 3, "rejected": 1, "unchanged": 0 }), "one number twice: {}", good.text);
        for serial in ["654321", "123456", "9999999"] {
            assert_eq!(told(server, &world, ("serial_number", serial), &shown(0)).await, "rejected", "{serial} expired in 2006");
        }
        // The same tokens with another end.
        let world = server.world("Figure 10 renewed").await;
        let renewed = figure(10).replace("2006-", "2096-");
        assert_ne!(renewed, figure(10));
        let good = send(server, &world.token, "?mode=good_rows", renewed, &[]).await;
        assert_eq!(good.body["counts"]["accepted"], 3, "{}", good.text);
        for serial in ["654321", "123456", "9999999"] {
            assert_eq!(told(server, &world, ("serial_number", serial), &shown(0)).await, "ok", "{serial}");
            assert_eq!(told(server, &world, ("serial_number", serial), &shown(0)).await, "rejected", "{serial}: used up");
        }
    }
}
