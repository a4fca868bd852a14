//! `/imports`: every fault of a delivery by its message, dry run, good rows, undo, long files, crashes.

use std::fmt::Write as _;

use reqwest::{Method, multipart};
use serde_json::{Value, json};

use crate::{
    hands, served,
    server::TestServer,
    stock::{delivery, ended, get, import, keys, policy, post, stocked, total},
};

const HEADER: &str = "deviceName,serialNumber,version\n";

fn faults(body: &Value) -> Vec<(u64, Option<&str>, &str)> {
    body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["line"].as_u64().unwrap(),
                one["column"].as_str(),
                one["detail"].as_str().unwrap(),
            )
        })
        .collect()
}

served! {
    async fn every_fault_of_a_file_is_named_and_nothing_goes_in(server) {
        let world = stocked(server, "Faults", 1).await;
        let (serial, version) = (Some("serialNumber"), Some("version"));
        let wanted = "deviceName, serialNumber and version are wanted";
        let cases: Vec<(Vec<u8>, u64, Option<&str>, String)> = vec![
            (b"".to_vec(), 0, None, "the file is empty; a header line and at least one row are wanted".into()),
            (b"deviceName,version\nA,FIDO_2_1\n".to_vec(), 1, serial, format!("the column serialNumber is missing; {wanted}")),
            (format!("{HEADER}A,,FIDO_2_1\n").into(), 2, serial, "the serial number is empty".into()),
            (format!("{HEADER}A,x-1,FIDO_2_1\nA,X1,FIDO_2_1\n").into(), 3, serial, "the serial number X1 stands in line 2 already; keep one of the two".into()),
            (format!("{HEADER}Other,SN-00000001,FIDO_2_1\n").into(), 2, serial, "a key SN-00000001 is here already and is IN STOCK; take the row out of the file".into()),
            (format!("{HEADER}A,1.23E+15,FIDO_2_1\n").into(), 2, serial, "a spreadsheet turned the serial number into 1.23E+15; format the column as text and fill it in again".into()),
            (format!("{HEADER}A,7,\n").into(), 2, version, "the version is empty".into()),
            (b"deviceName,serialNumber,version\nM\xFC,1,FIDO_2_1\n".to_vec(), 2, None, "the text is not UTF-8 at byte 2 of the line (0xFC, perhaps Latin-1 or Windows-1250); save the file as UTF-8 (in Excel: CSV UTF-8)".into()),
            (b"\xFF\xFEd\0".to_vec(), 0, None, "the file is encoded as UTF-16 LE; save it as UTF-8 (in Excel: CSV UTF-8)".into()),
            (b"{\"keys\": []}".to_vec(), 0, None, "the file is no delivery: an object with an array `devices` is wanted".into()),
            (format!("{HEADER}A,\"{}", "x".repeat(200_000)).into(), 2, None, "the line is longer than 64 KiB; a quote may be missing".into()),
            (format!("{}{HEADER}", "x,".repeat(64)).into(), 1, None, "the file has more than 64 columns; take some out".into()),
        ];
        for (file, line, column, detail) in cases {
            for (query, status) in [("?dry_run=true", 200), ("", 422)] {
                let answer = import(server, &world.token, query, file.clone()).await;
                assert_eq!(answer.status.as_u16(), status, "{detail}: {}", answer.text);
                assert_eq!(faults(&answer.body), [(line, column, detail.as_str())]);
                assert_eq!(answer.body["counts"]["accepted"], if query.is_empty() { json!(0) } else { answer.body["counts"]["accepted"].clone() });
            }
        }
        assert_eq!(total(server, &world.token, "").await, 1);
    }

    async fn a_dry_run_shows_the_file_and_changes_nothing(server) {
        let world = server.world("Preview").await;
        let file = "Version;PALLET;serial number;Device Name\nFIDO_2_1;7;A-1;Fusion\nFIDO_2_1;7;A-2;Fusion\n";
        let looked = import(server, &world.token, "?dry_run=true", file).await;
        assert_eq!((looked.status.as_u16(), looked.body["status"].as_str()), (200, Some("previewed")), "{}", looked.text);
        assert_eq!(looked.body["counts"], json!({ "accepted": 2, "rejected": 0, "unchanged": 0 }));
        assert_eq!(looked.body["columns"][1], json!({ "name": "PALLET", "meaning": "attribute" }));
        assert_eq!(looked.body["preview"][0], json!({ "device_name": "Fusion", "serial_number": "A-1", "version": "FIDO_2_1" }));
        assert_eq!(get(server, &world.token, "/imports").await.body["items"], json!([]));
        assert_eq!(total(server, &world.token, "").await, 0);
    }

    async fn a_second_import_of_the_same_file_changes_nothing(server) {
        let world = stocked(server, "Twice", 30).await;
        let before = keys(server, &world.token, "").await;
        let again = import(server, &world.token, "", delivery(1, 30)).await;
        assert_eq!(again.status.as_u16(), 201, "{}", again.text);
        assert_eq!(again.body["counts"], json!({ "accepted": 0, "rejected": 0, "unchanged": 30 }));
        assert_eq!(keys(server, &world.token, "").await, before);
    }

    async fn good_rows_go_in_and_the_others_come_back_as_a_file(server) {
        let world = server.world("Good rows").await;
        let file = "deviceName,serialNumber,version,pallet\nA,1,FIDO_2_1,x\nA,,FIDO_2_1,\"y,z\"\nA,2,FIDO_2_1,w\n";
        let imported = import(server, &world.token, "?mode=good_rows", file).await;
        assert_eq!((imported.status.as_u16(), imported.body["status"].as_str()), (201, Some("applied")), "{}", imported.text);
        assert_eq!(imported.body["counts"], json!({ "accepted": 2, "rejected": 1, "unchanged": 0 }));
        let path = format!("/imports/{}/rejected.csv", imported.body["id"].as_str().unwrap());
        let rejected = get(server, &world.token, &path).await;
        assert_eq!(rejected.text, "deviceName,serialNumber,version,pallet,error\r\nA,,FIDO_2_1,\"y,z\",the serial number is empty\r\n");
        assert_eq!(total(server, &world.token, "").await, 2);
    }

    async fn a_policy_is_linked_with_the_import_where_it_fits(server) {
        let world = server.world("Policy").await;
        let enterprise = policy(server, &world.token, "Enterprise", "enterprise").await;
        let file = format!("{HEADER}A,1,FIDO_2_1\nA,2,FIDO_2_0\n");
        let refused = import(server, &world.token, &format!("?policy_id={enterprise}"), file.clone()).await;
        assert_eq!(refused.status.as_u16(), 422, "{}", refused.text);
        let detail = "the policy chosen does not fit a key of version FIDO_2_0; enterprise policies need FIDO_2_1 or later";
        assert_eq!(faults(&refused.body), [(3, Some("version"), detail)]);
        let good = import(server, &world.token, &format!("?mode=good_rows&policy_id={enterprise}"), file).await;
        assert_eq!(good.body["policy"]["name"], "Enterprise");
        let all = keys(server, &world.token, "").await;
        assert_eq!((all.len(), &all[0]["status"], &all[0]["policy"]["name"]), (1, &json!("ready"), &json!("Enterprise")));
        let nobodys = import(server, &world.token, "?policy_id=01900000-0000-7000-8000-000000000000", HEADER).await;
        assert_eq!((nobodys.status.as_u16(), nobodys.body["errors"][0]["pointer"].as_str()), (422, Some("?policy_id")));
    }

    async fn an_import_is_undone_while_untouched_and_not_after(server) {
        let world = stocked(server, "Undo", 5).await;
        let id = get(server, &world.token, "/imports").await.body["items"][0]["id"].as_str().unwrap().to_owned();
        let undone = post(server, &world.token, &format!("/imports/{id}/undo"), json!({})).await;
        assert_eq!(undone.status.as_u16(), 200, "{}", undone.text);
        assert_eq!(total(server, &world.token, "").await, 0, "all keys are gone at once");
        assert_eq!(ended(server, &world.token, &undone.body["job_id"]).await["status"], "done");
        assert_eq!(get(server, &world.token, &format!("/imports/{id}")).await.body["status"], "undone");
        let again = import(server, &world.token, "", delivery(1, 5)).await;
        let key = keys(server, &world.token, "").await[0]["id"].as_str().unwrap().to_owned();
        post(server, &world.token, &format!("/security-keys/{key}/quarantine"), json!({ "reason": "box is wet" })).await;
        let path = format!("/imports/{}/undo", again.body["id"].as_str().unwrap());
        let refused = post(server, &world.token, &path, json!({})).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (409, "refused"));
        assert_eq!(refused.body["detail"], "1 keys of this import were changed or deleted since; nothing was undone.");
        assert_eq!(total(server, &world.token, "").await, 5);
    }

    async fn a_long_file_goes_in_by_a_job_and_shows_all_at_once(server) {
        let world = server.world("Long").await;
        let begun = import(server, &world.token, "", delivery(1, 20_001)).await;
        assert_eq!((begun.status.as_u16(), begun.body["status"].as_str()), (202, Some("checking")), "{}", begun.text);
        let seen = total(server, &world.token, "").await;
        assert!(seen == 0 || seen == 20_001, "{seen} keys are half an import");
        let job = ended(server, &world.token, &begun.body["job_id"]).await;
        assert_eq!((&job["status"], &job["progress"]), (&json!("done"), &json!({ "done": 20_001, "total": 20_001 })), "{job}");
        assert_eq!(total(server, &world.token, "tab=stocks").await, 20_001);
        let event = get(server, &world.token, "/audit-events?action=import.applied").await;
        assert_eq!(event.body["items"][0]["after"]["counts"]["accepted"], 20_001);
    }

    async fn a_cancelled_import_leaves_nothing(server) {
        let world = server.world("Cancel").await;
        let begun = import(server, &world.token, "", delivery(1, 60_000)).await;
        let job = begun.body["job_id"].as_str().unwrap();
        let asked = post(server, &world.token, &format!("/jobs/{job}/cancel"), json!({})).await;
        assert_eq!(asked.status.as_u16(), 200, "{}", asked.text);
        assert_eq!(ended(server, &world.token, &begun.body["job_id"]).await["status"], "cancelled");
        assert_eq!(total(server, &world.token, "").await, 0);
        let path = format!("/imports/{}", begun.body["id"].as_str().unwrap());
        assert_eq!(get(server, &world.token, &path).await.body["status"], "cancelled");
        let again = import(server, &world.token, "", delivery(1, 10)).await;
        assert_eq!(again.body["counts"]["accepted"], 10, "its serial numbers are free again: {}", again.text);
    }

    async fn of_two_imports_at_once_each_serial_goes_in_once(server) {
        let world = server.world("Overlap").await;
        let (first, second) = tokio::join!(
            import(server, &world.token, "", delivery(1, 3_000)),
            import(server, &world.token, "", delivery(1_500, 3_000)),
        );
        let applied = [&first, &second].iter().filter(|answer| answer.status.as_u16() == 201).count();
        let refused = [&first, &second].into_iter().find(|answer| answer.status.as_u16() != 201);
        if let Some(refused) = refused {
            assert!(matches!(refused.status.as_u16(), 409 | 422), "{}", refused.text);
        }
        let all = keys(server, &world.token, "").await;
        let mut serials: Vec<&str> = all.iter().map(|key| key["serial_number"].as_str().unwrap()).collect();
        serials.sort_unstable();
        serials.dedup();
        assert_eq!(serials.len(), all.len());
        assert!(applied >= 1 && (all.len() == 3_000 || all.len() == 4_499), "{} keys", all.len());
    }

    async fn a_key_that_is_here_already_is_named_with_what_became_of_it(server) {
        let world = stocked(server, "States", 8).await;
        let token = &world.token;
        let policy = policy(server, token, "Staff", "standard").await;
        let user = hands::user(server, &world, "ada").await;
        let all = keys(server, token, "sort=serial_number").await;
        let id = |place: usize| all[place]["id"].as_str().unwrap();
        let order = async |place: usize, verb: &str, body: Value| {
            let done = post(server, token, &format!("/security-keys/{}/{verb}", id(place)), body).await;
            assert_eq!(done.status.as_u16(), 200, "{place} {verb}: {}", done.text);
        };
        for place in 1..=4 {
            order(place, "link-policy", json!({ "policy_id": policy })).await;
        }
        for place in 2..=4 {
            order(place, "assign", json!({ "user_id": user })).await;
            hands::configured(server, &world, id(place)).await;
        }
        for place in 3..=4 {
            hands::enrolled(server, &world, id(place)).await;
        }
        order(4, "suspend", json!({})).await;
        order(5, "revoke", json!({ "reason": "lost" })).await;
        order(6, "quarantine", json!({ "reason": "wet" })).await;
        order(7, "revoke", json!({ "reason": "damaged" })).await;
        order(7, "dispose", json!({})).await;
        let states = ["IN STOCK", "READY", "CONFIGURED", "ENROLLED", "SUSPENDED", "REVOKED", "QUARANTINED", "DISPOSED"];
        let mut file = HEADER.to_owned();
        for number in 1..=states.len() {
            let _ = writeln!(file, "Other,SN-{number:08},FIDO_2_1");
        }
        let refused = import(server, token, "", file).await;
        assert_eq!((refused.status.as_u16(), &refused.body["counts"]["rejected"]), (422, &json!(8)), "{}", refused.text);
        let told: Vec<String> = faults(&refused.body).iter().map(|(line, column, detail)| format!("{line} {column:?} {detail}")).collect();
        let wanted = states.iter().zip(1..).map(|(state, number)| {
            format!("{} {:?} a key SN-{number:08} is here already and is {state}; take the row out of the file", number + 1, Some("serialNumber"))
        });
        assert_eq!(told, wanted.collect::<Vec<_>>());
    }

    async fn an_import_that_brought_nothing_has_nothing_to_undo(server) {
        let world = stocked(server, "Nothing", 3).await;
        let again = import(server, &world.token, "", delivery(1, 3)).await;
        assert_eq!((&again.body["counts"]["accepted"], &again.body["undoable"]), (&json!(0), &json!(false)), "{}", again.text);
        let path = format!("/imports/{}", again.body["id"].as_str().unwrap());
        let refused = post(server, &world.token, &format!("{path}/undo"), json!({})).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (409, "refused"), "{}", refused.text);
        assert_eq!(refused.body["detail"], "This import brought no keys; there is nothing to undo.");
        assert_eq!(get(server, &world.token, &path).await.body["status"], "applied");
        assert_eq!(total(server, &world.token, "").await, 3);
    }

    async fn a_json_delivery_keeps_every_letter(server) {
        let world = server.world("JSON").await;
        let (name, pallet) = ("Kl\u{ed}\u{10d} \u{4e2d}\u{6587} \u{1f511}", "Stra\u{df}e \u{201e}7\u{201c}");
        let file = json!({ "devices": [
            { "deviceName": name, "serialNumber": "J-1", "version": "FIDO_2_1", "pallet": pallet },
            { "deviceName": "Escaped", "serialNumber": "J-2", "version": "FIDO_2_1" },
        ] });
        // As UTF-8 with a byte order mark, and with letters as \u escapes.
        let text = format!("\u{feff}{file}").replace("Escaped", "Kl\\u00ed\\u010d \\ud83d\\udd11");
        let imported = import(server, &world.token, "", text).await;
        assert_eq!((imported.status.as_u16(), &imported.body["format"]), (201, &json!("json")), "{}", imported.text);
        let all = keys(server, &world.token, "sort=serial_number").await;
        assert_eq!(all[0]["device_name"], name);
        assert_eq!(all[1]["device_name"], "Kl\u{ed}\u{10d} \u{1f511}");
        let one = get(server, &world.token, &format!("/security-keys/{}", all[0]["id"].as_str().unwrap())).await;
        assert_eq!(one.body["attributes"]["pallet"], pallet, "{}", one.text);
        let broken = b"{\"devices\": [{\"deviceName\": \"Kl\xed\xe8\", \"serialNumber\": \"J-3\", \"version\": \"FIDO_2_1\"}]}".to_vec();
        let refused = import(server, &world.token, "", broken).await;
        assert_eq!(refused.status.as_u16(), 422, "{}", refused.text);
        assert!(faults(&refused.body)[0].2.contains("UTF-8"), "{}", refused.text);
        assert_eq!(total(server, &world.token, "").await, 2);
    }

    async fn a_key_of_idempotency_belongs_to_one_file(server) {
        let world = server.world("Same key").await;
        let send = async |file: String| {
            let part = multipart::Part::bytes(file.into_bytes()).file_name("delivery.csv");
            let request = server.request(Method::POST, "/imports").bearer_auth(&world.token).header("idempotency-key", "delivery-7");
            server.call(request.multipart(multipart::Form::new().part("file", part))).await
        };
        let first = send(delivery(1, 3)).await;
        assert_eq!(first.status.as_u16(), 201, "{}", first.text);
        let again = send(delivery(1, 3)).await;
        assert_eq!((again.status, &again.text), (first.status, &first.text));
        assert_eq!(again.headers["idempotency-replayed"], "true");
        let other = send(delivery(4, 3)).await;
        assert_eq!((other.status.as_u16(), other.problem()), (422, "validation"), "{}", other.text);
        assert_eq!(other.body["errors"][0]["pointer"], "header:Idempotency-Key");
        assert_eq!(total(server, &world.token, "").await, 3);
    }
}

#[test]
fn a_file_past_the_limits_is_refused_whole_by_rows_and_by_bytes() {
    claviger_testkit::run(|| async {
        let server = TestServer::start_with(None, &[("import-rows", "5"), ("import-megabytes", "1")]).await;
        let world = server.world("Limits").await;
        let fits = import(&server, &world.token, "", delivery(1, 5)).await;
        assert_eq!(fits.status.as_u16(), 201, "{}", fits.text);
        for query in ["", "?mode=good_rows", "?dry_run=true"] {
            let long = import(&server, &world.token, query, delivery(6, 6)).await;
            let wanted = if query == "?dry_run=true" { 200 } else { 422 };
            assert_eq!(long.status.as_u16(), wanted, "{query}: {}", long.text);
            let (line, _, detail) = faults(&long.body)[0];
            assert!(
                line == 7 && detail.contains("more than 5 rows"),
                "{query}: {line} {detail}"
            );
        }
        let devices = |count: u32| -> Vec<Value> {
            let device = |number: u32| json!({ "deviceName": "A", "serialNumber": format!("J-{number}"), "version": "FIDO_2_1" });
            (0..count).map(device).collect()
        };
        let long = import(&server, &world.token, "", json!({ "devices": devices(6) }).to_string()).await;
        assert_eq!(long.status.as_u16(), 422, "{}", long.text);
        assert!(faults(&long.body)[0].2.contains("more than 5 rows"), "{}", long.text);
        let mut large = delivery(6, 1);
        large.push_str(&" ".repeat(1 << 20));
        let large = import(&server, &world.token, "", large).await;
        assert_eq!(
            (large.status.as_u16(), large.problem()),
            (413, "too-large"),
            "{}",
            large.text
        );
        assert!(
            large.body["detail"].as_str().unwrap().contains("1 MB"),
            "{}",
            large.text
        );
        assert_eq!(total(&server, &world.token, "").await, 5);
        server.stop().await;
    });
}
