//! Chance that is the same on every machine and in every version: whole numbers alone, no library.

/// A sequence of numbers that its seed decides, after Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators" (2014).
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    /// The sequence of a seed; near seeds give sequences that have nothing in common.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number, of all 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is more than 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        // The upper half of a product: as even as 64 bits over a short range can be.
        let wide = u128::from(self.next()) * u128::from(end);
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// A number between both, which count.
    pub(crate) fn between(&mut self, first: u64, last: u64) -> u64 {
        first + self.below(last - first + 1)
    }

    /// Whether something comes true that does so in `part` of a hundred cases.
    pub(crate) fn percent(&mut self, part: u64) -> bool {
        self.below(100) < part
    }

    /// One of some things, all alike.
    pub(crate) fn one<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        let at = self.below(of.len() as u64);
        &of[usize::try_from(at).unwrap_or(0)]
    }
}

/// How often each place of a list is taken: as Zipf and Mandelbrot saw of words, in inverse proportion to its rank, to
/// which a constant is added that makes the first ones less alone.
#[derive(Clone, Debug)]
pub(crate) struct Zipf {
    /// Sums of the shares up to each place.
    sums: Vec<u64>,
}

impl Zipf {
    /// For a list of so many things.
    pub(crate) fn new(len: usize, added: u64) -> Self {
        const WHOLE: u64 = 1 << 40;
        let shares = (1..=len as u64).map(|rank| WHOLE / (rank + added));
        let sums = shares.scan(0, |sum, share| {
            *sum += share;
            Some(*sum)
        });
        Self { sums: sums.collect() }
    }

    /// A place of the list.
    pub(crate) fn place(&self, random: &mut Random) -> usize {
        let at = random.below(*self.sums.last().expect("a list of something"));
        self.sums.partition_point(|&sum| sum <= at)
    }
}

/// A list of which the first things are taken most often.
#[derive(Clone, Debug)]
pub(crate) struct Ranked<T> {
    all: Vec<T>,
    zipf: Zipf,
}

impl<T> Ranked<T> {
    /// A list in the order of how frequent its things are.
    pub(crate) fn new(all: Vec<T>, added: u64) -> Self {
        Self { zipf: Zipf::new(all.len(), added), all }
    }

    /// One of them.
    pub(crate) fn one(&self, random: &mut Random) -> &T {
        &self.all[self.zipf.place(random)]
    }
}
