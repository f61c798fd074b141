using System.Collections;

namespace FastBuffers;

/// <summary>Leases that were taken together, in the order of the requests. Its disposal ends them all. Thread-safe.</summary>
public sealed class LeaseSet : IReadOnlyList<Lease>, IDisposable
{
    private readonly Lease[] _leases;

    internal LeaseSet(Lease[] leases) => _leases = leases;

    /// <summary>The number of leases.</summary>
    public int Count => _leases.Length;

    /// <summary>One of the leases.</summary>
    /// <param name="index">The place of its request.</param>
    /// <exception cref="ArgumentOutOfRangeException">There was no such request.</exception>
    public Lease this[int index] => (uint)index < (uint)_leases.Length
        ? _leases[index]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"The set has {_leases.Length} leases.");

    /// <inheritdoc/>
    public IEnumerator<Lease> GetEnumerator() => ((IEnumerable<Lease>)_leases).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Ends the leases that have not ended already. Idempotent.</summary>
    public void Dispose()
    {
        foreach (Lease lease in _leases)
        {
            lease.Token.EndOnce();
        }
    }
}
