using System.Text;

namespace FastBuffers.Pipelines.Tests;

/// <summary>Runs a program on a pipe, by one thread, and writes down all that can be seen of it.</summary>
internal sealed class PipeProgram(PipeUnderTest pipe) : IDisposable
{
    private readonly StringBuilder _seen = new();
    private ValueTask<ReadResult>? _read;
    private ValueTask<FlushResult>? _flush;
    private CancellationTokenSource? _readToken;
    private CancellationTokenSource? _flushToken;
    private ReadOnlySequence<byte>? _buffer;
    private bool _readerDone;
    private bool _writerDone;
    private bool _writerFailed;
    private bool _readAtLeast;
    private byte _next;

    public static string Run(PipeKind kind, PipeOptions options, IEnumerable<(PipeStep Step, int First, int Second)> steps)
    {
        PipeUnderTest pipe = new(kind, options);
        using PipeProgram program = new(pipe);
        foreach ((PipeStep step, int first, int second) in steps)
        {
            program._seen.Append(step).Append(' ').Append(first).Append(' ').Append(second);
            try
            {
                program.Do(step, first, second);
            }
            catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or IOException or OperationCanceledException)
            {
                program._seen.Append(": ").Append(Name(exception));
            }

            program.Look();
            program._seen.Append('\n');
        }

        pipe.Complete();
        return program._seen.ToString();
    }

    public void Dispose()
    {
        _readToken?.Dispose();
        _flushToken?.Dispose();
    }

    private static string Name(Exception exception) => exception is OperationCanceledException ? "cancelled" : exception.GetType().Name;

    private void Do(PipeStep step, int first, int second)
    {
        switch (step)
        {
            case PipeStep.Write when !_writerDone:
                Write(first, first);
                break;
            case PipeStep.WriteHinted when !_writerDone:
                Write(first, first + second);
                break;
            case PipeStep.Flush when !_writerDone:
                _flush = pipe.Writer.FlushAsync();
                break;
            case PipeStep.FlushWithToken when !_writerDone:
                _flush = pipe.Writer.FlushAsync(Renew(ref _flushToken));
                break;
            case PipeStep.WriteAsync when _flush is null:
                byte[] bytes = [.. Enumerable.Range(0, first).Select(_ => _next++)];
                _flush = pipe.Writer.WriteAsync(bytes);
                break;
            case PipeStep.Read when _read is null && _buffer is null:
                _read = pipe.Reader.ReadAsync();
                break;
            case PipeStep.ReadWithToken when _read is null && _buffer is null:
                _read = pipe.Reader.ReadAsync(Renew(ref _readToken));
                break;
            case PipeStep.ReadAtLeast when _read is null && _buffer is null:
                _read = pipe.Reader.ReadAtLeastAsync(first);
                _readAtLeast = true;
                break;
            case PipeStep.TryRead when _read is null && _buffer is null:
                bool isRead = pipe.Reader.TryRead(out ReadResult result);
                _seen.Append(isRead ? ": read" : ": nothing");
                if (isRead)
                {
                    Keep(result);
                }

                break;
            case PipeStep.Advance when _buffer is { } buffer:
                long examined = buffer.Length * second / 40;
                long consumed = examined * first / 40;
                pipe.Reader.AdvanceTo(buffer.GetPosition(consumed), buffer.GetPosition(examined));
                _buffer = null;
                break;
            case PipeStep.CancelRead:
                pipe.Reader.CancelPendingRead();
                break;
            case PipeStep.CancelFlush:
                pipe.Writer.CancelPendingFlush();
                break;
            case PipeStep.CancelReadToken:
                _readToken?.Cancel();
                break;
            case PipeStep.CancelFlushToken:
                _flushToken?.Cancel();
                break;
            case PipeStep.CompleteWriter when first < 5:
                CompleteWriter(null);
                break;
            case PipeStep.FailWriter when first < 5:
                CompleteWriter(new IOException());
                break;
            case PipeStep.CompleteReader when first < 5 && _read is null:
                _readerDone = true;
                _buffer = null;
                pipe.Reader.Complete();
                break;
            // Pipe takes the minimum of a ReadAtLeast that failed over into its next life; a RegionPipe is as new.
            case PipeStep.Reset when !(_readAtLeast && _writerFailed):
                pipe.Reset();
                (_readerDone, _writerDone, _writerFailed, _readAtLeast) = (false, false, false, false);
                (_read, _flush, _buffer) = (null, null, null);
                break;
        }
    }

    private static CancellationToken Renew(ref CancellationTokenSource? source)
    {
        source?.Dispose();
        source = new CancellationTokenSource();
        return source.Token;
    }

    private void CompleteWriter(Exception? error)
    {
        _writerFailed |= !_writerDone && error is not null;
        _writerDone = true;
        pipe.Writer.Complete(error);
    }

    private void Write(int count, int hint)
    {
        Memory<byte> memory = pipe.Writer.GetMemory(hint);
        Assert.True(memory.Length >= Math.Max(1, hint));
        count = Math.Min(count, memory.Length);
        for (int i = 0; i < count; i++)
        {
            memory.Span[i] = _next++;
        }

        pipe.Writer.Advance(count);
    }

    // Whatever has completed by itself.
    private void Look()
    {
        if (!_writerDone)
        {
            _seen.Append(", unflushed ").Append(pipe.Writer.UnflushedBytes);
        }

        if (_flush is { IsCompleted: true } flush)
        {
            _flush = null;
            Note("flush", () =>
            {
                FlushResult result = flush.Result;
                return $"{(result.IsCanceled ? "cancelled " : "")}{(result.IsCompleted ? "completed" : "")}";
            });
        }

        if (_read is { IsCompleted: true } read)
        {
            _read = null;
            Note("read", () =>
            {
                Keep(read.Result);
                return "";
            });
        }

        _seen.Append(_read is null ? "" : ", reading").Append(_flush is null ? "" : ", flushing");
    }

    private void Note(string what, Func<string> result)
    {
        _seen.Append(", ").Append(what).Append(' ');
        try
        {
            _seen.Append(result());
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or OperationCanceledException)
        {
            _seen.Append(Name(exception));
        }
    }

    private void Keep(ReadResult result)
    {
        _seen.Append(result.IsCanceled ? " cancelled" : "").Append(result.IsCompleted ? " completed" : "")
            .Append(' ').Append(Convert.ToHexString(result.Buffer.ToArray()));
        _buffer = _readerDone ? null : result.Buffer;
    }
}
