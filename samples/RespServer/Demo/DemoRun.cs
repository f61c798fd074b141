using FastBuffers.Locking;
using StackExchange.Redis;

namespace FastBuffers.Samples.Resp.Demo;

/// <summary>
/// Starts a server on a free port, drives it with StackExchange.Redis clients, checks every reply, and looks for anything left behind.
/// </summary>
internal sealed class DemoRun(TimeSpan duration, IDemoView view)
{
    private const int Owners = 2;
    private const int Sharers = 2;
    private const int Listeners = 3;
    private const int Parts = 2;
    private const int PartLength = 4 * 1024 * 1024;

    private readonly Tally _tally = new();
    private readonly List<ConnectionMultiplexer> _clients = [];

    /// <summary>Runs to the end. The answer is the process's exit code: 0 only if every reply was right and nothing leaked.</summary>
    public async Task<int> RunAsync()
    {
        (long leaks, long doubleReleases) = (HoldDiagnostics.Leaks, HoldDiagnostics.DoubleReleases);
        await using var server = new RespServer();
        server.Start();
        view.Start(server, _tally);
        try
        {
            await DriveAsync(server);
        }
        catch (RedisException exception)
        {
            _tally.Mistake(exception.Message);
        }

        foreach (ConnectionMultiplexer client in _clients)
        {
            await client.DisposeAsync();
        }

        await server.StopAsync();
        CollectDropped();
        var outcome = new DemoOutcome(
            _tally,
            server.Counters.Faults,
            server.Counters.Dropped + server.Counters.ProtocolErrors,
            server.Memory.Statistics,
            HoldDiagnostics.Leaks - leaks,
            HoldDiagnostics.DoubleReleases - doubleReleases);
        view.Finish(outcome);
        return outcome.IsGood ? 0 : 1;
    }

    private async Task DriveAsync(RespServer server)
    {
        var loads = new List<Func<CancellationToken, Task>>();
        for (int i = 0; i < Owners; i++)
        {
            loads.Add(new OwnerWorkload((await ConnectAsync(server)).GetDatabase(), _tally, 1 + i).RunAsync);
        }

        for (int i = 0; i < Sharers; i++)
        {
            var sharer = new SharedWorkload((await ConnectAsync(server)).GetDatabase(), _tally, 101 + i);
            if (i == 0)
            {
                await sharer.PrepareAsync();
            }

            loads.Add(sharer.RunAsync);
        }

        for (int i = 0; i < Parts; i++)
        {
            var editor = new RangeWorkload((await ConnectAsync(server)).GetDatabase(), _tally, i, PartLength);
            await editor.PrepareAsync();
            loads.Add(editor.RunAsync);
        }

        var listeners = new List<ISubscriber>();
        for (int i = 0; i < Listeners; i++)
        {
            listeners.Add((await ConnectAsync(server)).GetSubscriber());
        }

        using var news = new NewsWorkload((await ConnectAsync(server)).GetSubscriber(), listeners, _tally);
        await news.ListenAsync();
        loads.Add(news.RunAsync);

        using var stop = new CancellationTokenSource(duration);
        Task showing = ShowAsync(stop.Token);
        await Task.WhenAll(loads.ConvertAll(load => Task.Run(() => load(stop.Token))));
        await showing;

        IServer admin = _clients[0].GetServers()[0];
        await admin.FlushAllDatabasesAsync();
        _tally.Count("DBSIZE", await admin.DatabaseSizeAsync() == 0, 0, "after FLUSHALL");
    }

    private async Task ShowAsync(CancellationToken stop)
    {
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await second.WaitForNextTickAsync(stop))
            {
                view.Update();
            }
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }
    }

    private async Task<ConnectionMultiplexer> ConnectAsync(RespServer server)
    {
        ConnectionMultiplexer client = await ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions
        {
            EndPoints = { server.EndPoint },
            AllowAdmin = true,
            AsyncTimeout = 30_000,
        });
        _clients.Add(client);
        return client;
    }

    /// <summary>Regions and leases that were dropped without release are reported by their finalizers: make them run.</summary>
    private static void CollectDropped()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
