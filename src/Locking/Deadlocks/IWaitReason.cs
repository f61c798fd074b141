namespace FastBuffers.Locking;

/// <summary>What an owner has or wants that others have to wait for.</summary>
internal interface IWaitReason
{
    /// <summary>Whose it is.</summary>
    HoldOwner Owner { get; }

    /// <summary>Whether the wait, which is for the same domain, cannot end before this has.</summary>
    bool IsInTheWayOf(OwnedWait wait);

    /// <summary>What it is of the domain of the wait.</summary>
    HoldInfo Describe(OwnedWait wait);
}
