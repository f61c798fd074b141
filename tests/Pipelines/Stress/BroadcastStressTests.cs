using System.Security.Cryptography;

namespace FastBuffers.Pipelines.Tests;

/// <summary>A writer and readers of each policy, some of which come and go, at the same time.</summary>
public sealed class BroadcastStressTests
{
    private const int Message = 1000;

    [Fact]
    public async Task Readers_that_are_waited_for_get_every_byte_and_all_segments_are_given_back()
    {
        using RegionPool pool = new();
        RegionBroadcast broadcast = new(new PipeOptions(pool.AsMemoryPool(), useSynchronizationContext: false));
        Task<byte[]>[] whole = [.. Enumerable.Range(0, 3).Select(_ => HashAsync(broadcast.Subscribe(new() { MaxUnreadBytes = 20_000 })))];
        Task dropping = CountAsync(broadcast.Subscribe(new() { MaxUnreadBytes = 5_000, SlowReader = SlowReaderPolicy.DropOldest }));
        Task dropped = UntilDroppedAsync(broadcast.Subscribe(new() { MaxUnreadBytes = 5_000, SlowReader = SlowReaderPolicy.DropReader }));
        using CancellationTokenSource stop = new();
        Task guests = Task.Run(() => ComeAndGoAsync(broadcast, stop.Token));
        byte[] expected = await Task.Run(() => WriteAsync(broadcast.Writer, StressLength.Bytes / Message));
        await stop.CancelAsync();
        await Task.WhenAll([.. whole, dropping, dropped, guests]).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        foreach (Task<byte[]> hash in whole)
        {
            Assert.Equal(expected, await hash);
        }

        Assert.Equal(0, pool.Statistics.Rents - pool.Statistics.Returns);
    }

    // A message is its number and as many bytes of it as fit.
    private static async Task<byte[]> WriteAsync(PipeWriter writer, long messages)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long i = 0; i < messages; i++)
        {
            Memory<byte> message = writer.GetMemory(Message)[..Message];
            message.Span.Fill((byte)i);
            hash.AppendData(message.Span);
            writer.Advance(Message);
            await writer.FlushAsync();
        }

        await writer.CompleteAsync();
        return hash.GetHashAndReset();
    }

    private static async Task<byte[]> HashAsync(RegionPipeReader reader)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await foreach (byte[] bytes in ReadAsync(reader))
        {
            hash.AppendData(bytes);
        }

        return hash.GetHashAndReset();
    }

    // Messages are whole, whatever was left out.
    private static async Task CountAsync(RegionPipeReader reader)
    {
        await foreach (byte[] bytes in ReadAsync(reader))
        {
            Assert.Equal(0, bytes.Length % Message);
            Assert.All(bytes.Chunk(Message), static message => Assert.Equal(-1, message.AsSpan().IndexOfAnyExcept(message[0])));
        }
    }

    private static async Task UntilDroppedAsync(RegionPipeReader reader)
    {
        try
        {
            await CountAsync(reader);
        }
        catch (BroadcastReaderDroppedException)
        {
            await reader.CompleteAsync();
        }
    }

    private static async Task ComeAndGoAsync(RegionBroadcast broadcast, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            RegionPipeReader reader = broadcast.Subscribe(new() { MaxUnreadBytes = 5_000 });
            for (int i = 0; i < 20; i++)
            {
                ReadResult result = await reader.ReadAsync(CancellationToken.None);
                reader.AdvanceTo(result.Buffer.GetPosition(result.Buffer.Length / 2), result.Buffer.End);
            }

            await reader.CompleteAsync();
        }
    }

    private static async IAsyncEnumerable<byte[]> ReadAsync(RegionPipeReader reader)
    {
        ReadResult result;
        do
        {
            result = await reader.ReadAsync();
            yield return result.Buffer.ToArray();
            reader.AdvanceTo(result.Buffer.End);
        }
        while (!result.IsCompleted);

        await reader.CompleteAsync();
    }
}
