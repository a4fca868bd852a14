//! S12, second part: two tenants work at random side by side, and no answer tells one of the other.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    coverage::{self, Operation},
    examples,
    server::{Answer, TestServer, World},
    stock::{get, import, post},
};

const STEPS: usize = 20_000;
/// In each name that a tenant gives.
const MARKS: [&str; 2] = ["alphamark", "bravomark"];

/// Operations that a side does not carry out at random on what it has itself, and why.
const NOT_AT_RANDOM: &[(&str, &str)] = &[
    (
        "administrator_invite",
        "whoever is invited by two tenants is one person",
    ),
    ("import_undo", "the side counts its keys"),
    ("policy_create", "the side counts its policies"),
    ("policy_delete", "the side counts its policies"),
    ("security_key_delete", "the side counts its keys"),
    ("security_key_revoke", "the side counts its stock"),
    ("security_key_dispose", "the side counts its stock"),
    ("sign_in_oidc_test", "it asks a stranger"),
    ("tenant_create", "it is nobody's alone"),
];

/// The seed of RFC 4226, appendix D.
const SEED: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/// Whose an id is, by who was first told of it.
type Owners = Arc<Mutex<HashMap<Uuid, usize>>>;

/// One tenant's doings, and what it may know.
struct Side {
    me: usize,
    world: World,
    owners: Owners,
    seed: u64,
    policies: usize,
    keys: usize,
    serials: usize,
    /// Ids of its own things: keys, policies, imports.
    known: Vec<(&'static str, String)>,
    /// A cursor of its own list, for the other to try.
    cursor: Option<String>,
    leaks: Vec<String>,
    /// Operations that were asked.
    asked: BTreeSet<String>,
    operations: Arc<[Operation]>,
}

fn roll(seed: &mut u64, sides: usize) -> usize {
    *seed = seed
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*seed >> 33).unwrap() % sides
}

fn ids(text: &str) -> impl Iterator<Item = Uuid> {
    text.split(|letter: char| !letter.is_ascii_hexdigit() && letter != '-')
        .filter(|word| word.len() == 36)
        .filter_map(|word| word.parse().ok())
}

impl Side {
    /// Holds an answer against all that the other tenant has; `asked` is what this side said itself.
    fn look(&mut self, what: &str, answer: &Answer, asked: &str) {
        assert!(answer.status.as_u16() < 500, "{what}: {}", answer.text);
        let other = MARKS[1 - self.me];
        if answer.text.contains(other) && !asked.contains(other) {
            self.leaks.push(format!("{what} names the other: {}", answer.text));
        }
        let mut owners = self.owners.lock().unwrap();
        for id in ids(&answer.text) {
            let owner = *owners.entry(id).or_insert(self.me);
            if owner == 1 - self.me && !asked.contains(&id.to_string()) {
                self.leaks.push(format!("{what} tells of {id}"));
            }
        }
    }

    fn expect(&mut self, what: &str, told: &Value, mine: usize) {
        if told.as_u64() != Some(u64::try_from(mine).unwrap()) {
            self.leaks.push(format!("{what} counts {told}, there are {mine}"));
        }
    }

    async fn step(
        &mut self,
        server: &TestServer,
        token: &str,
        others: &[(&'static str, String)],
        cursor: Option<&str>,
    ) {
        match roll(&mut self.seed, 100) {
            0 => self.deliver(server, token).await,
            1..=2 if self.policies < 40 => self.draft(server, token).await,
            3..=20 => {
                let list = get(server, token, "/security-keys?limit=20").await;
                self.look("list", &list, "");
                self.expect("list", &list.body["total"]["count"], self.keys);
                self.cursor = list.body["next_cursor"]
                    .as_str()
                    .map(str::to_owned)
                    .or(self.cursor.take());
            }
            21..=35 => {
                // Serial numbers begin alike in both tenants; the other's have its mark behind.
                let text = ["serial", MARKS[0], MARKS[1]][roll(&mut self.seed, 3)];
                let found = get(server, token, &format!("/security-keys?limit=20&q={text}")).await;
                self.look("search", &found, text);
                let mine = match text {
                    "serial" => self.keys,
                    mark if mark == MARKS[self.me] => self.serials / 2,
                    _ => 0,
                };
                self.expect("search", &found.body["total"]["count"], mine);
            }
            36..=45 => {
                let counts = get(server, token, "/security-keys/counts").await;
                self.expect("counts", &counts.body["stocks"]["total"], self.keys);
            }
            46..=55 => {
                let list = get(server, token, "/policies").await;
                self.look("policies", &list, "");
                self.expect("policies", &list.body["total"]["count"], self.policies);
            }
            56..=65 => {
                let mark = MARKS[roll(&mut self.seed, 2)];
                let log = get(server, token, &format!("/audit-events?limit=10&q={mark}")).await;
                self.look("log", &log, mark);
            }
            66..=70 => {
                let Some(cursor) = cursor else { return };
                let page = get(server, token, &format!("/security-keys?limit=20&cursor={cursor}")).await;
                self.look("the other's cursor", &page, "");
            }
            71..=72 => {
                for path in [
                    "/imports",
                    "/jobs",
                    "/administrators",
                    "/api-tokens",
                    "/tenants",
                    "/settings",
                ] {
                    let list = get(server, token, path).await;
                    self.look(path, &list, "");
                }
            }
            roll_of @ 73..=84 => {
                self.touch(server, token, if roll_of % 2 == 0 { Some(others) } else { None })
                    .await;
            }
            roll_of => {
                self.anything(server, token, if roll_of % 2 == 0 { Some(others) } else { None })
                    .await;
            }
        }
    }

    /// One object, this side's or the other's: read, its history, an order.
    async fn touch(&mut self, server: &TestServer, token: &str, others: Option<&[(&'static str, String)]>) {
        // Those that have a page of their own.
        let all = others.unwrap_or(&self.known).iter();
        let things: Vec<_> = all
            .filter(|(kind, _)| !matches!(*kind, "api-tokens" | "tenants"))
            .collect();
        if things.is_empty() {
            return;
        }
        let (kind, id) = things[roll(&mut self.seed, things.len())].clone();
        let answer = match (kind, roll(&mut self.seed, 3)) {
            ("security-keys", 0) => {
                post(
                    server,
                    token,
                    &format!("/security-keys/{id}/quarantine"),
                    json!({ "reason": MARKS[self.me] }),
                )
                .await
            }
            ("security-keys", 1) => get(server, token, &format!("/security-keys/{id}/events")).await,
            ("policies", 0) => get(server, token, &format!("/policies/{id}/versions")).await,
            _ => get(server, token, &format!("/{kind}/{id}")).await,
        };
        self.look(kind, &answer, &id);
        if others.is_some() && answer.status.as_u16() != 404 {
            self.leaks
                .push(format!("{kind}/{id} of the other is {}", answer.status));
        }
    }

    /// Any operation of the document, on something of this side or of the other.
    async fn anything(&mut self, server: &TestServer, token: &str, others: Option<&[(&'static str, String)]>) {
        let chosen = roll(&mut self.seed, self.operations.len());
        let Operation { id, method, path, .. } = self.operations[chosen].clone();
        if (others.is_none() || !path.contains('{')) && NOT_AT_RANDOM.iter().any(|(not, _)| *not == id) {
            return;
        }
        let mut filled = path.clone();
        if path.contains('{') {
            let kind = path.split('/').nth(1).unwrap();
            let things: Vec<_> = others
                .unwrap_or(&self.known)
                .iter()
                .filter(|(known, _)| *known == kind)
                .collect();
            if things.is_empty() {
                return;
            }
            filled = examples::filled(&path, &things[roll(&mut self.seed, things.len())].1);
        }
        let request = server.request(method, &filled).bearer_auth(token);
        let answer = server.call(request.json(&examples::body(&id))).await;
        self.look(&id, &answer, &filled);
        if others.is_some() && path.contains('{') && answer.status.is_success() {
            self.leaks.push(format!("{id} of the other is {}", answer.status));
        }
        self.asked.insert(id);
    }

    /// Things of the kinds that the other steps do not make.
    async fn furnish(&mut self, server: &TestServer) {
        let token = self.world.token.clone();
        for number in 0..3 {
            let name = format!("{}{number}", MARKS[self.me]);
            let user = json!({ "user_name": name, "display_name": name });
            let person = json!({ "email": format!("{name}@example.org"), "display_name": name, "role": "view_only" });
            let program = json!({ "name": name, "role": "view_only" });
            let serial = format!("OTP{number}");
            let otp = json!({ "serial_number": serial, "type": "hotp", "seed": SEED, "encoding": "base32" });
            for (kind, path, draft, id) in [
                ("users", "/users", user, "/id"),
                ("administrators", "/administrators", person, "/administrator/id"),
                ("api-tokens", "/api-tokens", program, "/id"),
                ("otp-tokens", "/otp-tokens", otp, "/id"),
            ] {
                let made = post(server, &token, path, draft).await;
                self.known
                    .push((kind, made.body.pointer(id).unwrap().as_str().unwrap().to_owned()));
            }
            let file = crate::downloads::upload(server, &token, &format!("{name}.deb"), vec![1]).await;
            self.known
                .push(("downloads", file.body["id"].as_str().unwrap().to_owned()));
        }
        self.known.push(("tenants", self.world.id.clone()));
    }

    async fn deliver(&mut self, server: &TestServer, token: &str) {
        if self.serials > 400 {
            return;
        }
        let mark = MARKS[self.me];
        // Every other serial number is the same in both tenants.
        let behind = if self.serials.is_multiple_of(2) { "" } else { mark };
        let serial = format!("SERIAL{:05}{behind}", self.serials);
        let file = format!("deviceName,serialNumber,version\nKey {mark},{serial},FIDO_2_1\n");
        self.serials += 1;
        let answer = import(server, token, "", file).await;
        self.look("import", &answer, "");
        if answer.status.as_u16() != 201 {
            return self
                .leaks
                .push(format!("a serial number of the other is in the way: {}", answer.text));
        }
        self.keys += 1;
        let batch = answer.body["id"].as_str().unwrap().to_owned();
        let list = get(server, token, &format!("/security-keys?batch={batch}")).await;
        self.known.push((
            "security-keys",
            list.body["items"][0]["id"].as_str().unwrap().to_owned(),
        ));
        self.known.push(("imports", batch));
    }

    async fn draft(&mut self, server: &TestServer, token: &str) {
        let name = format!("{} {}", MARKS[self.me], self.policies);
        let made = post(server, token, "/policies", json!({ "name": name, "type": "standard" })).await;
        self.look("policy", &made, "");
        if made.status.as_u16() != 201 {
            return self
                .leaks
                .push(format!("a name of the other is in the way: {}", made.text));
        }
        self.policies += 1;
        self.known
            .push(("policies", made.body["id"].as_str().unwrap().to_owned()));
    }
}

async fn sides(server: &TestServer) -> [Side; 2] {
    let owners = Owners::default();
    // Both tenants have the same first owner.
    let shared = usize::MAX;
    for id in ids(&server.owner.session.to_string()) {
        owners.lock().unwrap().insert(id, shared);
    }
    let operations: Arc<[Operation]> = coverage::operations().into();
    let mut made = Vec::new();
    for (me, mark) in MARKS.iter().enumerate() {
        let world = server.world(mark).await;
        owners.lock().unwrap().insert(world.id.parse().unwrap(), me);
        let (owners, seed) = (owners.clone(), 17 + u64::try_from(me).unwrap());
        let mut side = Side {
            me,
            world,
            owners,
            seed,
            policies: 0,
            keys: 0,
            serials: 0,
            known: Vec::new(),
            cursor: None,
            leaks: Vec::new(),
            asked: BTreeSet::new(),
            operations: Arc::clone(&operations),
        };
        side.furnish(server).await;
        made.push(side);
    }
    made.try_into().ok().unwrap()
}

/// How many leaks there are of each kind.
fn kinds(leaks: &[String]) -> BTreeMap<&str, usize> {
    let mut kinds = BTreeMap::new();
    for leak in leaks {
        *kinds.entry(leak.split(' ').next().unwrap()).or_insert(0) += 1;
    }
    kinds
}

/// Takes turns; `double` answers each side with the other's token every so many steps.
async fn work(server: &TestServer, steps: usize, double: Option<usize>) -> (Vec<String>, usize) {
    let [mut first, mut second] = sides(server).await;
    let tokens = [first.world.token.clone(), second.world.token.clone()];
    for step in 0..steps / 2 {
        let swapped = double.is_some_and(|every| step % every == every - 1);
        let (one, two) = if swapped {
            (&tokens[1], &tokens[0])
        } else {
            (&tokens[0], &tokens[1])
        };
        let (known, cursors) = (
            (first.known.clone(), second.known.clone()),
            (first.cursor.clone(), second.cursor.clone()),
        );
        tokio::join!(
            first.step(server, one, &known.1, cursors.1.as_deref()),
            second.step(server, two, &known.0, cursors.0.as_deref()),
        );
    }
    first.leaks.extend(second.leaks);
    first.asked.extend(second.asked);
    (first.leaks, first.asked.len())
}

#[test]
fn two_tenants_at_random_never_hear_of_each_other() {
    claviger_testkit::run(|| async {
        let server = TestServer::start_on_sqlite().await;
        let (leaks, operations) = work(&server, STEPS, None).await;
        println!("S12 steps={STEPS} operations={operations} leaks={}", leaks.len());
        assert!(operations >= 90, "{operations}");
        assert!(
            leaks.is_empty(),
            "{:?}\n{}",
            kinds(&leaks),
            leaks[..leaks.len().min(5)].join("\n")
        );
        server.stop().await;
    });
}

#[test]
fn control_a_leaking_double_is_caught() {
    claviger_testkit::run(|| async {
        let server = TestServer::start_on_sqlite().await;
        let (leaks, _) = work(&server, 400, Some(20)).await;
        println!("S12 control leaks={}", leaks.len());
        assert!(leaks.len() > 50, "{:?}", kinds(&leaks));
        server.stop().await;
    });
}
