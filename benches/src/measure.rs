//! Samples and what is read off them.

use std::time::Duration;

use anyhow::{Context, Result};

/// Values of one figure, from several runs or many requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        Self(values)
    }

    /// Durations in milliseconds.
    pub(crate) fn milliseconds(times: impl IntoIterator<Item = Duration>) -> Self {
        Self::of(times.into_iter().map(|time| time.as_secs_f64() * 1e3))
    }

    pub(crate) fn median(&self) -> f64 {
        self.per_mille(500)
    }

    /// The value that `share` of 1,000 samples do not exceed (nearest rank).
    pub(crate) fn per_mille(&self, share: usize) -> f64 {
        let rank = (self.0.len() * share).div_ceil(1_000).max(1);
        self.0.get(rank - 1).copied().unwrap_or(f64::NAN)
    }

    /// The smallest and the largest.
    pub(crate) fn spread(&self) -> (f64, f64) {
        let ends = (self.0.first(), self.0.last());
        (ends.0.copied().unwrap_or(f64::NAN), ends.1.copied().unwrap_or(f64::NAN))
    }
}

/// A count as a float; exact up to 2^53.
pub(crate) fn float(count: u64) -> f64 {
    let high = u32::try_from(count >> 32).unwrap_or(u32::MAX);
    let low = u32::try_from(count & 0xFFFF_FFFF).unwrap_or(u32::MAX);
    f64::from(high) * 4_294_967_296.0 + f64::from(low)
}

/// So many things in such a time, a second.
pub(crate) fn rate(count: u64, time: Duration) -> f64 {
    float(count) / time.as_secs_f64()
}

/// The processor time that a process has used so far, its own and the kernel's on its behalf.
pub(crate) fn processor_time(process: u32) -> Result<Duration> {
    let mut nanos = 0;
    for thread in std::fs::read_dir(format!("/proc/{process}/task"))? {
        let text = std::fs::read_to_string(thread?.path().join("schedstat"))?;
        let first = text.split_whitespace().next().context("an empty schedstat")?;
        nanos += first.parse::<u64>()?;
    }
    Ok(Duration::from_nanos(nanos))
}

#[cfg(test)]
mod tests {
    use super::{Samples, float};

    #[test]
    fn ranks_are_the_nearest() {
        let samples = Samples::of((1..=1_000).map(float));
        assert!((samples.median() - 500.0).abs() < f64::EPSILON);
        assert!((samples.per_mille(999) - 999.0).abs() < f64::EPSILON);
        assert_eq!(samples.spread(), (1.0, 1_000.0));
    }

    #[test]
    fn large_counts_stay_exact() {
        assert!((float(10_000_000_000) - 1e10).abs() < f64::EPSILON);
    }
}
