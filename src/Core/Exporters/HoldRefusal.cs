namespace FastBuffers;

/// <summary>Why <see cref="BufferConsumer"/> got no lease.</summary>
public enum HoldRefusal
{
    /// <summary>It got one.</summary>
    None,

    /// <summary>The exporter does not promise the kind: fall back to a weaker one, or copy.</summary>
    Unsupported,

    /// <summary>A conflicting hold is active now: try again later, or copy.</summary>
    Conflict,
}
