namespace FastBuffers;

/// <summary>What a caller wants to run when foreign memory is no longer used.</summary>
internal sealed class FreeCallback(Action onFree) : IDisposable
{
    public void Dispose() => onFree();
}
