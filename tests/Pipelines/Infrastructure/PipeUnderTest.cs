namespace FastBuffers.Pipelines.Tests;

/// <summary>Either kind of pipe, so that a test says the same of both.</summary>
internal sealed class PipeUnderTest
{
    private readonly Action _reset;

    public PipeUnderTest(PipeKind kind, PipeOptions? options = null)
    {
        options ??= Options();
        if (kind == PipeKind.Region)
        {
            RegionPipe pipe = new(options);
            (Reader, Writer, _reset) = (pipe.Reader, pipe.Writer, pipe.Reset);
        }
        else
        {
            Pipe pipe = new(options);
            (Reader, Writer, _reset) = (pipe.Reader, pipe.Writer, pipe.Reset);
        }
    }

    public PipeReader Reader { get; }

    public PipeWriter Writer { get; }

    /// <summary>Options with which everything happens at once, on the thread that causes it.</summary>
    public static PipeOptions Options(
        long pause = 64, long resume = 32, int segment = 16, MemoryPool<byte>? pool = null, PipeScheduler? scheduler = null) =>
        new(pool, scheduler ?? PipeScheduler.Inline, scheduler ?? PipeScheduler.Inline, pause, resume, segment, useSynchronizationContext: false);

    public void Reset() => _reset();

    public void Write(params byte[] bytes)
    {
        bytes.CopyTo(Writer.GetMemory(bytes.Length));
        Writer.Advance(bytes.Length);
    }

    public void Flush(params byte[] bytes)
    {
        Write(bytes);
        Assert.True(Writer.FlushAsync().IsCompletedSuccessfully);
    }

    public ReadOnlySequence<byte> Read()
    {
        ValueTask<ReadResult> read = Reader.ReadAsync();
        Assert.True(read.IsCompleted);
        return read.Result.Buffer;
    }

    public void Complete()
    {
        Reader.Complete();
        Writer.Complete();
    }
}
