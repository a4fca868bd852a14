//! Attributes of a packet, one after the other: type, length with both bytes, value (RFC 2865 §5).

/// One attribute as it stands in the packet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attribute<'a> {
    pub(super) kind: u8,
    /// Where its value begins in the packet, in bytes.
    pub(super) at: usize,
    pub(super) value: &'a [u8],
}

/// The attributes from this place to the end of the packet; none when one is cut off or shorter than its own head.
pub(super) fn attributes(packet: &[u8], mut at: usize) -> Option<Vec<Attribute<'_>>> {
    let mut all = Vec::new();
    while let [kind, length, ..] = packet.get(at..)? {
        let end = at.checked_add(usize::from(*length))?;
        let value = packet.get(at + 2..end)?;
        all.push(Attribute {
            kind: *kind,
            at: at + 2,
            value,
        });
        at = end;
    }
    (at == packet.len()).then_some(all)
}

/// Writes an attribute. A value has at most 253 bytes: it comes from an attribute or is written here.
pub(super) fn write(packet: &mut Vec<u8>, kind: u8, value: &[u8]) {
    let length = u8::try_from(value.len() + 2).unwrap_or(u8::MAX);
    packet.extend([kind, length]);
    packet.extend(value.iter().take(usize::from(length) - 2));
}
