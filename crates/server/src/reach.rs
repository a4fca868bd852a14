//! Which addresses the server asks on behalf of a tenant. Mail servers and identity providers are named by whoever may
//! change settings; the rule is on the addresses that a name leads to, and they are what is then connected to, so that a
//! name which changes its mind leads nowhere else.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Where clouds tell machines their credentials, outside of the link-local networks.
const METADATA_V4: [Ipv4Addr; 3] = [
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(168, 63, 129, 16),
    Ipv4Addr::new(192, 0, 0, 192),
];
const METADATA_V6: [Ipv6Addr; 2] = [
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254),
];

/// The first address of a host, and the others.
type Found = (SocketAddr, Vec<SocketAddr>);

/// The rule.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Reach {
    local_services: bool,
}

/// Why an address is not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OutOfReach {
    /// It is this machine's own.
    #[error(
        "this host is the server's own machine, whose services are asked only when the server runs with \
         --local-services"
    )]
    Local,
    /// No setting allows it.
    #[error(
        "this host has an address that is never asked (link-local, multicast, unspecified, or a cloud's metadata); \
         name a host of the network"
    )]
    Never,
}

/// Why there are no addresses.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unresolved {
    /// The name leads nowhere.
    #[error("the name leads nowhere: {0}")]
    Name(#[from] io::Error),
    /// It leads where nobody is asked.
    #[error(transparent)]
    OutOfReach(#[from] OutOfReach),
}

impl Reach {
    /// Services of this very machine are asked or not.
    pub(crate) const fn new(local_services: bool) -> Self {
        Self { local_services }
    }

    /// The addresses of a host that may be asked: the first, and the others.
    ///
    /// # Errors
    /// [`Unresolved`] when there are none.
    pub(crate) async fn addresses(self, host: &str, port: u16) -> Result<Found, Unresolved> {
        let found = tokio::net::lookup_host((host, port)).await?;
        Ok(self.within(found)?)
    }

    /// Those of the addresses that may be asked.
    fn within(self, found: impl IntoIterator<Item = SocketAddr>) -> Result<Found, OutOfReach> {
        let mut why = OutOfReach::Never;
        let mut within = found.into_iter().filter(|address| {
            let judged = self.judge(address.ip());
            why = judged.err().unwrap_or(why);
            judged.is_ok()
        });
        let first = within.next();
        let further = within.collect();
        first.map(|first| (first, further)).ok_or(why)
    }

    /// Whether an address may be asked.
    ///
    /// # Errors
    /// [`OutOfReach`].
    pub(crate) fn judge(self, address: IpAddr) -> Result<(), OutOfReach> {
        let address = meant(address);
        if is_never_asked(address) {
            Err(OutOfReach::Never)
        } else if address.is_loopback() && !self.local_services {
            Err(OutOfReach::Local)
        } else {
            Ok(())
        }
    }
}

/// The names that HTTP clients ask for.
impl Resolve for Reach {
    fn resolve(&self, name: Name) -> Resolving {
        let own = *self;
        Box::pin(async move {
            let found = own.addresses(name.as_str(), 0).await;
            let (first, further) = found.map_err(|fault| match fault {
                Unresolved::Name(cause) => cause.into(),
                Unresolved::OutOfReach(why) => Box::<dyn std::error::Error + Send + Sync>::from(why),
            })?;
            let all: Addrs = Box::new(std::iter::once(first).chain(further));
            Ok(all)
        })
    }
}

/// Why a request failed, where it failed by the rule.
pub(crate) fn out_of_reach(failed: &(dyn std::error::Error + 'static)) -> Option<OutOfReach> {
    let mut next = Some(failed);
    while let Some(cause) = next {
        if let Some(why) = cause.downcast_ref::<OutOfReach>() {
            return Some(*why);
        }
        next = cause.source();
    }
    None
}

/// The IPv4 address that an IPv6 address stands for (mapped, RFC 6052, 6to4, compatible), or the address itself.
fn meant(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address.to_canonical() else {
        return address.to_canonical();
    };
    let within = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        IpAddr::V4(Ipv4Addr::new(a, b, c, d))
    };
    match v6.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => within(high, low),
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => within(high, low),
        _ => IpAddr::V6(v6),
    }
}

fn is_never_asked(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            v4.octets()[0] == 0
                || v4.is_link_local()
                || v4.is_multicast()
                || v4.is_broadcast()
                || METADATA_V4.contains(&v4)
        }
        IpAddr::V6(v6) => {
            // Local NAT64 (RFC 8215) stands for IPv4 addresses of which nobody here knows where they are written.
            let is_translated = matches!(v6.segments(), [0x64, 0xff9b, 1, ..]);
            v6.is_unspecified()
                || v6.is_unicast_link_local()
                || v6.is_multicast()
                || is_translated
                || METADATA_V6.contains(&v6)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(address: &str, local_services: bool) -> Result<(), OutOfReach> {
        Reach::new(local_services).judge(address.parse().unwrap())
    }

    #[test]
    fn some_addresses_are_never_asked_however_they_are_written() {
        for address in [
            "169.254.169.254",
            "169.254.0.1",
            "0.0.0.0",
            "0.1.2.3",
            "224.0.0.1",
            "255.255.255.255",
            "100.100.100.200",
            "168.63.129.16",
            "192.0.0.192",
            "64:ff9b:1::a9fe:a9fe",
            "::",
            "fe80::1",
            "febf::1",
            "ff02::1",
            "fd00:ec2::254",
            "fd20:ce::254",
            "::ffff:169.254.169.254",
            "::169.254.169.254",
            "64:ff9b::169.254.169.254",
            "2002:a9fe:a9fe::1",
        ] {
            for local in [false, true] {
                assert_eq!(judged(address, local), Err(OutOfReach::Never), "{address}");
            }
        }
    }

    #[test]
    fn this_machine_is_asked_only_when_whoever_runs_it_says_so() {
        for address in ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"] {
            assert_eq!(judged(address, false), Err(OutOfReach::Local), "{address}");
            assert_eq!(judged(address, true), Ok(()), "{address}");
        }
    }

    #[test]
    fn hosts_of_private_and_public_networks_are_asked() {
        for address in [
            "10.0.0.25",
            "172.16.0.1",
            "192.168.1.1",
            "100.64.0.1",
            "8.8.8.8",
            "fd00::25",
            "2606:4700::1",
        ] {
            assert_eq!(judged(address, false), Ok(()), "{address}");
        }
    }

    #[test]
    fn of_several_addresses_those_that_may_be_asked_are_left() {
        let all = |texts: &[&str]| -> Vec<SocketAddr> { texts.iter().map(|text| text.parse().unwrap()).collect() };
        let found = all(&["169.254.169.254:25", "10.0.0.25:25", "127.0.0.1:25"]);
        assert_eq!(Reach::new(false).within(found.clone()), Ok((found[1], Vec::new())));
        assert_eq!(Reach::new(true).within(found.clone()), Ok((found[1], vec![found[2]])));
        assert_eq!(Reach::new(false).within(all(&["[::1]:25"])), Err(OutOfReach::Local));
        assert_eq!(Reach::new(true).within(all(&["[fe80::1]:25"])), Err(OutOfReach::Never));
    }

    #[tokio::test]
    async fn the_rule_is_on_what_a_name_leads_to() {
        let refused = Reach::new(false).addresses("localhost", 25).await;
        assert!(
            matches!(refused, Err(Unresolved::OutOfReach(OutOfReach::Local))),
            "{refused:?}"
        );
        let (found, _) = Reach::new(true).addresses("localhost", 25).await.unwrap();
        assert!(found.ip().is_loopback() && found.port() == 25, "{found}");
    }
}
