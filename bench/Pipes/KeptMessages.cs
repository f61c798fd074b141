using System.IO.Pipelines;
using FastBuffers.Bench.Gate;
using FastBuffers.Pipelines;

namespace FastBuffers.Bench.Pipes;

/// <summary>
/// Messages that are kept while the next few go through a pipe. All that the pipe does is timed, its replacement segments included: more than
/// what keeping adds.
/// </summary>
internal sealed class KeptMessages(int length) : IContender
{
    private const int Kept = 4;

    private readonly RegionPipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly RetainedSequence?[] _kept = new RetainedSequence?[Kept];

    public void Run(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            Touch.Ends(_pipe.Writer.GetSpan(length)[..length]);
            _pipe.Writer.Advance(length);
            Immediate.Result(_pipe.Writer.FlushAsync());
            Immediate.Require(_pipe.Reader.TryRead(out ReadResult result) && result.Buffer.Length == length);
            ref RetainedSequence? kept = ref _kept[i % Kept];
            kept?.Dispose();
            kept = _pipe.Reader.Retain(result.Buffer);
            _pipe.Reader.AdvanceTo(result.Buffer.End);
        }
    }

    public void Dispose()
    {
        foreach (RetainedSequence? kept in _kept)
        {
            kept?.Dispose();
        }

        _pipe.Writer.Complete();
        _pipe.Reader.Complete();
    }
}
