using FastBuffers.Locking;
using StackExchange.Redis;

namespace FastBuffers.Samples.Resp.Tests.Infrastructure;

/// <summary>A server for one test. When it ends, no byte may be left, no bug may have ended a connection, and every hold must have been released once.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly List<ConnectionMultiplexer> _clients = [];

    public TestServer(RespServerOptions? options = null)
    {
        // A busy machine must not look like a client that takes nothing.
        Server = new RespServer(options ?? new RespServerOptions { SendTimeout = TimeSpan.FromMinutes(5) });
        Server.Start();
    }

    public RespServer Server { get; }

    public long NativeBytes => Server.Memory.NativeBytes;

    public async Task<ConnectionMultiplexer> ConnectAsync()
    {
        ConnectionMultiplexer client = await ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions
        {
            EndPoints = { Server.EndPoint },
            AllowAdmin = true,
            AsyncTimeout = 30_000,
            SyncTimeout = 30_000,
            ConnectTimeout = 30_000,
        });
        lock (_clients)
        {
            _clients.Add(client);
        }

        return client;
    }

    public async Task<IDatabase> ConnectDatabaseAsync() => (await ConnectAsync()).GetDatabase();

    public RawClient ConnectRaw(int receiveBuffer = 0) => new(Server.EndPoint, receiveBuffer);

    /// <summary>Waits until the server has come to something that it does by itself.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        for (int i = 0; i < 2000; i++)
        {
            if (condition())
            {
                return;
            }

            await Task.Delay(5);
        }

        Assert.Fail("Waited in vain: " + what);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ConnectionMultiplexer client in _clients)
        {
            await client.DisposeAsync();
        }

        await Server.DisposeAsync();
        Assert.Equal(0, Server.Memory.Used);
        Assert.Equal(0, Server.Memory.NativeBytes);
        RegionPoolStatistics pool = Server.Memory.Statistics;
        Assert.Equal((pool.Rents, 0, 0), (pool.Returns, pool.Leaks, pool.DoubleReturns));
        Assert.Equal(0, Server.StorageCounters.LivePins);
        Assert.Equal(0, Server.Counters.Faults);
        Assert.Equal(0, HoldDiagnostics.DoubleReleases);
        Assert.Equal(0, HoldDiagnostics.Leaks);
    }
}
