namespace FastBuffers.Bench.Contended;

/// <summary>Some bytes and what guards them. Thread-safe. A struct, so that each loop is compiled for its guard.</summary>
internal interface IGuard : IDisposable
{
    /// <summary>Reads the bytes, beside other readers.</summary>
    void Read();

    /// <summary>Writes the bytes, alone.</summary>
    void Write();
}
