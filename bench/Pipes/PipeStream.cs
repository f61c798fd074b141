using System.IO.Pipelines;
using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Pipes;

/// <summary>Chunks copied into a pipe by one thread and read by another at the same time; each waits for the other when it has to.</summary>
internal sealed class PipeStream(PipeReader reader, PipeWriter writer, int chunk) : IContender
{
    private readonly byte[] _source = new byte[chunk];

    public void Run(int operations)
    {
        long total = (long)operations * chunk;
        Task reading = Task.Run(() => ReadAsync(total));
        WriteAsync(operations).GetAwaiter().GetResult();
        reading.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        writer.Complete();
        reader.Complete();
    }

    private async Task WriteAsync(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            _source.CopyTo(writer.GetMemory(chunk));
            writer.Advance(chunk);
            await writer.FlushAsync().ConfigureAwait(false);
        }
    }

    private async Task ReadAsync(long total)
    {
        while (total > 0)
        {
            ReadResult result = await reader.ReadAsync().ConfigureAwait(false);
            total -= result.Buffer.Length;
            reader.AdvanceTo(result.Buffer.End);
        }
    }
}
