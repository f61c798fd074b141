using System.Security.Cryptography;
using FastBuffers.Locking;

namespace FastBuffers.Pipelines.Tests;

/// <summary>A writer, a reader and somebody who disposes what was retained, at the same time; every byte is hashed.</summary>
public sealed class PipeStressTests
{
    [Theory]
    [InlineData(1, 1, 16)]
    [InlineData(300, 100, 64)]
    [InlineData(0, 0, 4096)]
    [InlineData(65536, 32768, 4096)]
    public async Task All_bytes_arrive_and_all_segments_are_given_back(long pause, long resume, int segment)
    {
        using RegionPool pool = new();
        RegionPipe pipe = new(
            new PipeOptions(pool.AsMemoryPool(), null, null, pause, resume, segment, useSynchronizationContext: false),
            new RetainOptions { CountsAgainstPauseThreshold = false });
        int seed = (int)(pause + segment);
        Task<byte[]> writing = Task.Run(() => WriteAsync(pipe.Writer, pool, seed, StressLength.Bytes));
        Task<byte[]> reading = Task.Run(() => ReadAsync(pipe.Reader, seed));
        Task both = Task.WhenAll(writing, reading);
        await both.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        Assert.Equal(await writing, await reading);
        Assert.Equal(0, pool.Statistics.Rents - pool.Statistics.Returns);
    }

    private static async Task<byte[]> WriteAsync(RegionPipeWriter writer, RegionPool pool, int seed, long total)
    {
        Random random = new(seed);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (total > 0)
        {
            int count = random.Next(1, random.Next(2, 3000));
            byte[] bytes = new byte[count];
            random.NextBytes(bytes);
            hash.AppendData(bytes);
            if (random.Next(4) == 0)
            {
                Lease lease = pool.Rent(count);
                bytes.CopyTo(lease.Span);
                writer.Append(lease.Downgrade(HoldKind.Immutable));
            }
            else
            {
                bytes.CopyTo(writer.GetMemory(count));
                writer.Advance(count);
            }

            if (random.Next(3) != 0)
            {
                await writer.FlushAsync();
            }

            total -= count;
        }

        await writer.CompleteAsync();
        return hash.GetHashAndReset();
    }

    // Hashes what was retained some time later, on another thread.
    private static async Task<byte[]> ReadAsync(RegionPipeReader reader, int seed)
    {
        Random random = new(seed);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Task hashing = Task.CompletedTask;
        while (true)
        {
            ReadResult result = random.Next(3) == 0 ? await reader.ReadAtLeastAsync(random.Next(2000)) : await reader.ReadAsync();
            ReadOnlySequence<byte> buffer = result.Buffer;
            ReadOnlySequence<byte> part = buffer.Slice(0, result.IsCompleted ? buffer.Length : random.NextInt64(buffer.Length + 1));
            RetainedSequence kept = reader.Retain(part);
            hashing = hashing.ContinueWith(
                _ =>
                {
                    using (kept)
                    {
                        foreach (ReadOnlyMemory<byte> memory in kept.Sequence)
                        {
                            hash.AppendData(memory.Span);
                        }
                    }
                },
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default);
            reader.AdvanceTo(part.End, buffer.End);
            if (result.IsCompleted)
            {
                break;
            }
        }

        await reader.CompleteAsync();
        await hashing;
        return hash.GetHashAndReset();
    }
}
