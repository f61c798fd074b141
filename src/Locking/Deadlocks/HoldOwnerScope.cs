namespace FastBuffers.Locking;

/// <summary>As long as a <see cref="HoldOwner"/> is the current one.</summary>
public sealed class HoldOwnerScope : IDisposable
{
    private readonly HoldOwner? _before;
    private bool _isOver;

    internal HoldOwnerScope(HoldOwner owner)
    {
        Owner = owner;
        _before = HoldOwner.Current;
        HoldOwner.Current = owner;
    }

    /// <summary>The owner.</summary>
    public HoldOwner Owner { get; }

    /// <summary>Makes the owner current again that was it before. Idempotent.</summary>
    public void Dispose()
    {
        if (!_isOver)
        {
            _isOver = true;
            HoldOwner.Current = _before;
        }
    }
}
