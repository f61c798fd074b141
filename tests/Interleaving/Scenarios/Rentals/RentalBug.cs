namespace FastBuffers.Interleaving.Scenarios.Rentals;

/// <summary>What the probe does wrong on purpose, to show that the checks would notice.</summary>
internal enum RentalBug
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The owner keeps a block though the plain end of its rental failed.</summary>
    PutsWhatDidNotEnd,

    /// <summary>A trimmer takes the owner's block without a fence.</summary>
    TrimsWithoutFence,

    /// <summary>A trimmer takes the owner's block while the owner may be inside.</summary>
    TrimsWithoutWaiting,
}
