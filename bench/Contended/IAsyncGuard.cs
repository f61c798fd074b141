namespace FastBuffers.Bench.Contended;

/// <summary>As <see cref="IGuard"/>, for what is awaited.</summary>
internal interface IAsyncGuard : IDisposable
{
    /// <inheritdoc cref="IGuard.Read"/>
    ValueTask ReadAsync();

    /// <inheritdoc cref="IGuard.Write"/>
    ValueTask WriteAsync();
}
