//! Who did it: the people and programs in whose names the demonstration's history is written.

use claviger_domain::{AdministratorId, ApiTokenId, BuiltInRole};
use claviger_store::Actor;

use super::dice::Dice;

/// Whose turn it is in a session; in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turn {
    /// The warehouse.
    Clerk,
    /// Whoever hands keys out and takes them back.
    Officer,
    /// The program at a workstation.
    Workstation,
    /// What identity providers told.
    Provider,
}

/// Somebody who works in the console.
#[derive(Debug, Clone, Copy)]
pub(super) struct Colleague {
    pub(super) email: &'static str,
    pub(super) display_name: &'static str,
    pub(super) locale: &'static str,
    pub(super) role: BuiltInRole,
}

/// The Owner who signs in, then those who did the work.
pub(super) const COLLEAGUES: [Colleague; 5] = [
    Colleague {
        email: super::ADMINISTRATOR,
        display_name: "Demo Owner",
        locale: "en",
        role: BuiltInRole::Owner,
    },
    Colleague {
        email: "radka.skladova@claviger.example",
        display_name: "Radka Skladová",
        locale: "cs",
        role: BuiltInRole::Warehouse,
    },
    Colleague {
        email: "jonas.gruber@claviger.example",
        display_name: "Jonas Grüber",
        locale: "de",
        role: BuiltInRole::Administrator,
    },
    Colleague {
        email: "siobhan.byrne@claviger.example",
        display_name: "Siobhán Byrne",
        locale: "en",
        role: BuiltInRole::HelpDesk,
    },
    Colleague {
        email: "zofia.audytor@claviger.example",
        display_name: "Zofia Łęcka",
        locale: "en",
        role: BuiltInRole::Auditor,
    },
];

/// Ids of the colleagues, in their order, and of the workstation's API token.
#[derive(Debug, Clone)]
pub(super) struct Cast {
    pub(super) colleagues: Vec<AdministratorId>,
    pub(super) workstation: ApiTokenId,
}

/// Name of the workstation's API token.
pub(super) const WORKSTATION: &str = "Rollout workstation";

impl Cast {
    pub(super) fn assemble(at: claviger_domain::Timestamp) -> Self {
        let mut dice = Dice::for_part(10);
        Self {
            colleagues: COLLEAGUES.map(|_| AdministratorId::from_uuid(dice.id(at))).to_vec(),
            workstation: ApiTokenId::from_uuid(dice.id(at)),
        }
    }

    /// In whose name it is written.
    pub(super) fn actor(&self, turn: Turn) -> Actor {
        match turn {
            Turn::Clerk => self.colleague(1),
            Turn::Officer => self.colleague(2),
            Turn::Workstation => Actor::ApiToken {
                id: self.workstation.as_uuid(),
                label: WORKSTATION.to_owned(),
            },
            Turn::Provider => Actor::System("identity provider".to_owned()),
        }
    }

    /// The Owner.
    pub(super) fn owner(&self) -> Actor {
        self.colleague(0)
    }

    fn colleague(&self, nth: usize) -> Actor {
        match (self.colleagues.get(nth), COLLEAGUES.get(nth)) {
            (Some(id), Some(colleague)) => Actor::Administrator {
                id: id.as_uuid(),
                label: colleague.display_name.to_owned(),
            },
            _ => Actor::System("demonstration".to_owned()),
        }
    }
}
