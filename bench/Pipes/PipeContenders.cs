using System.IO.Pipelines;
using FastBuffers.Bench.Gate;
using FastBuffers.Pipelines;

namespace FastBuffers.Bench.Pipes;

/// <summary>The same work on either kind of pipe.</summary>
internal static class PipeContenders
{
    public static IContender Here(bool ours, int chunk) => ours
        ? On(new RegionPipe(), pipe => new PipeHere(pipe.Reader, pipe.Writer, chunk))
        : On(new Pipe(), pipe => new PipeHere(pipe.Reader, pipe.Writer, chunk));

    public static IContender Stream(bool ours, int chunk) => ours
        ? On(new RegionPipe(), pipe => new PipeStream(pipe.Reader, pipe.Writer, chunk))
        : On(new Pipe(), pipe => new PipeStream(pipe.Reader, pipe.Writer, chunk));

    /// <summary>One broadcast for all readers, or a pipe for each of them.</summary>
    public static IContender Readers(bool ours, int count, int length, bool sums)
    {
        if (ours)
        {
            RegionBroadcast broadcast = new();
            return new ManyReaders([broadcast.Writer], [.. Enumerable.Range(0, count).Select(_ => broadcast.Subscribe())], length, sums);
        }

        Pipe[] pipes = [.. Enumerable.Range(0, count).Select(static _ => new Pipe(new PipeOptions(pauseWriterThreshold: 0)))];
        return new ManyReaders([.. pipes.Select(static pipe => pipe.Writer)], [.. pipes.Select(static pipe => pipe.Reader)], length, sums);
    }

    private static IContender On<T>(T pipe, Func<T, IContender> use) => use(pipe);
}
