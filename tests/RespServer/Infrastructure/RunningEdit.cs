using System.Text;
using FastBuffers.Samples.Resp.Storage;

namespace FastBuffers.Samples.Resp.Tests.Infrastructure;

/// <summary>A large SETRANGE that has got its turn and takes its time over the copying, until the test ends it, or fails.</summary>
internal sealed class RunningEdit : IDisposable
{
    private readonly Keyspace _keyspace;
    private readonly RangeEdit _edit;
    private bool _ended;

    private RunningEdit(Keyspace keyspace, RangeEdit edit) => (_keyspace, _edit) = (keyspace, edit);

    public static RunningEdit Begin(TestServer server, string key, int offset, int length) =>
        TryBegin(server, key, offset, length) ?? throw new InvalidOperationException("The part is held, or somebody waits.");

    public static RunningEdit? TryBegin(TestServer server, string key, int offset, int length)
    {
        Keyspace keyspace = server.Server.Keyspace;
        lock (keyspace.Lock)
        {
            return ValueOf(server, key).TryBeginEdit(offset, length, out RangeEdit edit) ? new RunningEdit(keyspace, edit) : null;
        }
    }

    public static LargeValue ValueOf(TestServer server, string key)
    {
        lock (server.Server.Keyspace.Lock)
        {
            return Assert.IsType<LargeValue>(server.Server.Keyspace.Find(Encoding.ASCII.GetBytes(key)));
        }
    }

    /// <summary>Copies the bytes and ends the edit.</summary>
    public void End(ReadOnlySpan<byte> bytes)
    {
        _edit.Write(bytes);
        Dispose();
    }

    public void Dispose()
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        lock (_keyspace.Lock)
        {
            _edit.End();
        }
    }
}
