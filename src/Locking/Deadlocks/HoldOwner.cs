namespace FastBuffers.Locking;

/// <summary>
/// Who acquires, for the detection of deadlocks: one activity that does one thing after the other, a thread or an asynchronous method with what
/// it awaits. Managers that detect deadlocks (<see cref="LockManagerOptions.DetectDeadlocks"/>) look at the owner that is current where they are
/// called; others do not. Thread-safe.
/// </summary>
/// <remarks>
/// <para>An owner is taken to release nothing while it waits, nor to let others release what is its. What goes on beside it (branches that are
/// awaited together, a lease that somebody else is to release) has to say so: by an owner of its own for each branch
/// (<see cref="Begin"/>), and by <see cref="Forget"/> for the hold that is given away. Else what is reported may be none.</para>
/// <para>A hold that was made from another, by a conversion, a split, a join or a share, is a hold of its own, which nobody owns until somebody
/// calls <see cref="Adopt"/>.</para>
/// </remarks>
public sealed class HoldOwner
{
    private static readonly AsyncLocal<HoldOwner?> s_current = new();
    private static long s_last;

    private readonly long _number = Interlocked.Increment(ref s_last);

    /// <summary>Creates an owner, which is current nowhere.</summary>
    /// <param name="name">What messages call it; null for a number.</param>
    public HoldOwner(string? name = null) => Name = name;

    /// <summary>The owner that acquires here; null when none does. It goes with the asynchronous context.</summary>
    public static HoldOwner? Current
    {
        get => s_current.Value;
        internal set => s_current.Value = value;
    }

    /// <summary>What messages call it, if it was given a name.</summary>
    public string? Name { get; }

    /// <summary>Its waits that go on; one, unless it breaks the rule. For the holder of the graph's lock.</summary>
    internal List<OwnedWait> Waits { get; } = [];

    /// <summary>Creates an owner and makes it the current one.</summary>
    /// <param name="name">What messages call it; null for a number.</param>
    /// <returns>To be disposed where the owner shall not be current any more, in the method that began it. Its holds stay its own.</returns>
    public static HoldOwnerScope Begin(string? name = null) => new HoldOwner(name).Enter();

    /// <summary>Makes the owner the current one.</summary>
    /// <returns>To be disposed where it shall not be that any more, in the method that called this. Its holds stay its own.</returns>
    public HoldOwnerScope Enter() => new(this);

    /// <summary>Takes a hold to be this owner's: one that was made from another hold, or that somebody else hands over.</summary>
    /// <param name="token">The hold. One that has ended is nobody's.</param>
    public void Adopt(HoldToken token)
    {
        WaitForGraph.Forget(token);
        WaitForGraph.Record(this, token);
    }

    /// <summary>Takes a hold to be nobody's: somebody else is going to release it.</summary>
    /// <param name="token">The hold.</param>
    /// <returns>False when it was not this owner's.</returns>
    public bool Forget(HoldToken token) => WaitForGraph.Forget(token, this);

    /// <inheritdoc/>
    public override string ToString() => Name ?? $"owner {_number}";
}
