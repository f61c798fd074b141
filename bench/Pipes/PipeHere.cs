using System.IO.Pipelines;
using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Pipes;

/// <summary>A chunk written, flushed, read and consumed, on one thread.</summary>
internal sealed class PipeHere(PipeReader reader, PipeWriter writer, int chunk) : IContender
{
    private const int SmallestSegment = 4096;

    /// <summary>As many as go into the smallest segment.</summary>
    public int Multiple => Math.Max(1, SmallestSegment / chunk);

    public void Run(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            Touch.Ends(writer.GetSpan(chunk)[..chunk]);
            writer.Advance(chunk);
            Immediate.Result(writer.FlushAsync());
            ReadResult result = Immediate.Result(reader.ReadAsync());
            Immediate.Require(result.Buffer.Length == chunk);
            reader.AdvanceTo(result.Buffer.End);
        }
    }

    public void Dispose()
    {
        writer.Complete();
        reader.Complete();
    }
}
