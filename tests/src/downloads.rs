//! `/downloads`.

use reqwest::{
    Method, StatusCode,
    multipart::{Form, Part},
};
use serde_json::json;

use crate::{
    served,
    server::{Answer, TestServer},
    stock::get,
};

/// Content that compresses badly and has a start, a middle and an end of its own.
pub(crate) fn content(bytes: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    (0..bytes).map(next).collect()
}

pub(crate) async fn upload(server: &TestServer, token: &str, name: &str, bytes: Vec<u8>) -> Answer {
    let form = Form::new()
        .text("system", "windows")
        .text("version", "1.2.3")
        .text("notes", "msiexec /i, quietly")
        .part("file", Part::bytes(bytes).file_name(name.to_owned()));
    let request = server.request(Method::POST, "/downloads").bearer_auth(token);
    server.call(request.multipart(form)).await
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    let digits: Vec<String> = sha2::Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    digits.concat()
}

served! {
    async fn a_file_comes_back_as_it_went_in(server) {
        let world = server.world("Files").await;
        // Empty of a remainder, with one, and below one chunk.
        for bytes in [2 * 256 * 1024, 700_001, 1] {
            let sent = content(bytes);
            let made = upload(server, &world.token, "C:\\fakepath\\claviger.msi", sent.clone()).await;
            assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
            assert_eq!((&made.body["file_name"], made.body["size"].as_u64()), (&json!("claviger.msi"), u64::try_from(bytes).ok()));
            assert_eq!(made.body["sha256"], sha256(&sent));
            let path = format!("/downloads/{}/file", made.body["id"].as_str().unwrap());
            let fetched = server.request(Method::GET, &path).bearer_auth(&world.token).send().await.unwrap();
            assert_eq!(fetched.headers()["content-disposition"], "attachment; filename=\"claviger.msi\"; filename*=UTF-8''claviger.msi");
            assert_eq!((&fetched.headers()["x-content-type-options"], &fetched.headers()["content-type"]), (&"nosniff".parse().unwrap(), &"application/octet-stream".parse().unwrap()));
            assert!(fetched.bytes().await.unwrap() == sent, "{bytes}");
        }
        let listed = get(server, &world.token, "/downloads").await;
        assert_eq!(listed.body["items"].as_array().unwrap().len(), 3);
        assert_eq!((&listed.body["items"][0]["version"], &listed.body["items"][0]["kind"]), (&json!("1.2.3"), &json!("workstation")));
        let log = get(server, &world.token, "/audit-events?action=download.uploaded").await;
        assert_eq!(log.body["items"].as_array().unwrap().len(), 3);
    }

    async fn a_removed_file_is_gone_with_its_bytes(server) {
        let world = server.world("Removed").await;
        let made = upload(server, &world.token, "a.deb", content(600_000)).await;
        let path = format!("/downloads/{}", made.body["id"].as_str().unwrap());
        let remove = || server.request(Method::DELETE, &path).bearer_auth(&world.token);
        assert_eq!(server.call(remove()).await.status, StatusCode::NO_CONTENT);
        assert_eq!(server.call(remove()).await.status, StatusCode::NOT_FOUND);
        assert_eq!(get(server, &world.token, &format!("{path}/file")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(get(server, &world.token, "/downloads").await.body["items"], json!([]));
        let counted = async || {
            let count = async |reader: &mut claviger_store::Reader| {
                let row = reader.query_one("SELECT count(*) AS chunks FROM download_chunks", &[]).await?;
                row.get::<i64>("chunks")
            };
            server.app().store().read::<_, claviger_store::Error, _>(count).await.unwrap()
        };
        // The bytes go beside other work; whoever waits longer than this waits for ever.
        for _ in 0..2_400 {
            if counted().await == 0 { return; }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("{} chunks are left", counted().await);
    }

    async fn what_is_said_about_a_file_is_checked_and_nothing_is_left_of_a_refused_one(server) {
        let world = server.world("Refused").await;
        let empty = upload(server, &world.token, "a.deb", Vec::new()).await;
        assert_eq!((empty.status.as_u16(), &empty.body["errors"][0]["pointer"]), (422, &json!("/file")), "{}", empty.text);
        let form = Form::new().text("system", "amiga").part("file", Part::bytes(vec![1]).file_name("..")).text("version", "1");
        let request = server.request(Method::POST, "/downloads").bearer_auth(&world.token);
        let odd = server.call(request.multipart(form)).await;
        let pointers: Vec<&str> = odd.body["errors"].as_array().unwrap().iter().map(|one| one["pointer"].as_str().unwrap()).collect();
        assert_eq!((odd.status.as_u16(), pointers), (422, vec!["/system", "/version", "/file"]), "{}", odd.text);
        let why = odd.body["errors"][1]["detail"].as_str().unwrap();
        assert!(why.contains("version is empty"), "{why}");
        assert_eq!(get(server, &world.token, "/downloads").await.body["items"], json!([]));
    }

    async fn who_may_fetch_may_not_upload(server) {
        let world = server.world("Rights").await;
        let made = upload(server, &world.token, "a.deb", content(10)).await;
        let path = format!("/downloads/{}/file", made.body["id"].as_str().unwrap());
        let service = server.token(&world, "device_service_administrator").await;
        assert_eq!(get(server, &service, &path).await.status, StatusCode::OK);
        assert_eq!(upload(server, &service, "b.deb", content(10)).await.problem(), "forbidden");
        let auditor = server.token(&world, "auditor").await;
        assert_eq!(get(server, &auditor, &path).await.problem(), "forbidden");
    }

    async fn the_list_has_pages(server) {
        let world = server.world("Pages").await;
        for name in ["a.deb", "b.deb", "c.deb"] {
            assert_eq!(upload(server, &world.token, name, content(10)).await.status, StatusCode::CREATED);
        }
        let names = |page: &Answer| page.body["items"].as_array().unwrap().iter().map(|one| one["file_name"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        let first = get(server, &world.token, "/downloads?limit=2").await;
        assert_eq!((names(&first), &first.body["total"]["count"]), (vec!["c.deb".to_owned(), "b.deb".to_owned()], &json!(3)), "{}", first.text);
        let next = first.body["next_cursor"].as_str().unwrap();
        let second = get(server, &world.token, &format!("/downloads?limit=2&cursor={next}")).await;
        assert_eq!((names(&second), &second.body["next_cursor"]), (vec!["a.deb".to_owned()], &json!(null)), "{}", second.text);
        let back = second.body["previous_cursor"].as_str().unwrap();
        assert_eq!(names(&get(server, &world.token, &format!("/downloads?limit=2&cursor={back}")).await), names(&first));
        assert_eq!(get(server, &world.token, "/downloads?limit=0").await.status.as_u16(), 422);
    }
}

/// A tenant fills no disk that others share.
async fn all_files_have_a_bound(postgres: Option<String>) {
    let server = TestServer::start_with(postgres, &[("downloads-megabytes", "1")]).await;
    let (world, other) = (server.world("Full").await, server.world("Empty").await);
    let first = upload(&server, &world.token, "a.deb", content(700_000)).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    let refused = upload(&server, &world.token, "b.deb", content(700_000)).await;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", refused.text);
    assert_eq!(get(&server, &world.token, "/downloads").await.body["total"]["count"], 1);
    assert_eq!(
        upload(&server, &other.token, "b.deb", content(700_000)).await.status,
        StatusCode::CREATED
    );
    let path = format!("/downloads/{}", first.body["id"].as_str().unwrap());
    let remove = server.request(Method::DELETE, &path).bearer_auth(&world.token);
    assert_eq!(server.call(remove).await.status, StatusCode::NO_CONTENT);
    assert_eq!(
        upload(&server, &world.token, "b.deb", content(700_000)).await.status,
        StatusCode::CREATED
    );
    server.stop().await;
}

#[test]
fn all_files_of_a_tenant_have_a_bound_on_sqlite() {
    claviger_testkit::run(|| async { all_files_have_a_bound(None).await });
}

#[test]
fn all_files_of_a_tenant_have_a_bound_on_postgres() {
    claviger_testkit::run(|| async {
        let url = claviger_testkit::shared().database().await;
        all_files_have_a_bound(Some(url)).await;
    });
}
