namespace FastBuffers.Interleaving.Engine;

/// <summary>
/// One exploration: the scheduler. Virtual threads call it at every access; whoever has the turn takes the next decision itself, does
/// flushes itself, and hands the turn over only when another thread is to run. A step is one access plus the thread's own code up to the
/// next access that is a step (see <see cref="StepRules"/>).
/// </summary>
internal sealed partial class Exploration : IDisposable
{
    private const int FreeAccessLimit = 20_000;
    private const int FreeQuantum = 200;

    private readonly Scenario _scenario;
    private readonly ExplorerOptions _options;
    private readonly ScheduleStrategy _strategy;
    private readonly LocationTable _locations;
    private readonly StaticState _statics;
    private readonly VirtualThread[] _threads;
    private readonly List<Choice> _schedule = [];
    private readonly List<Choice> _enabled = [];
    private readonly ScheduleTrace? _trace;
    private readonly StepRules _rules;
    private readonly HashSet<StateHash> _probed = [];
    private readonly SpinLockWord _lock = new();
    private readonly ManualResetEventSlim _done = new(false);
    private ExecutionMode _mode;
    private VirtualThread? _last;
    private VirtualThread? _halted;
    private VirtualThread? _probing;
    private int _probeLeft;
    private long _memoryVersion;
    private int _preemptions;
    private int _freeAccesses;
    private int _freeQuantum;
    private bool _restart;
    private Footprint _step;

    public Exploration(Scenario scenario, ExplorerOptions options, ScheduleStrategy strategy, LocationTable locations, StepRules rules, bool trace)
    {
        _scenario = scenario;
        _options = options;
        _strategy = strategy;
        _locations = locations;
        _rules = rules;
        _trace = trace ? new ScheduleTrace(scenario, locations) : null;
        _statics = new StaticState(scenario.StatefulTypes);
        int processor = Processor.Current;
        _threads = [.. Enumerable.Range(0, scenario.Threads).Select(index => new VirtualThread(this, index, processor))];
    }

    public ScheduleFailure? Failure { get; private set; }

    public bool IsComplete { get; private set; }

    public long Schedules { get; private set; }

    public long Steps { get; private set; }

    private long Executions => Schedules + _strategy.Cut;

    /// <summary>Runs all executions; returns when the last one has ended.</summary>
    public void Run()
    {
        foreach (VirtualThread thread in _threads)
        {
            thread.Start();
        }

        _threads[0].Begin(ThreadCommand.Setup);
        _done.Wait();
    }

    /// <summary>Ends the operating-system threads.</summary>
    public void Dispose()
    {
        foreach (VirtualThread thread in _threads)
        {
            thread.Dispose();
        }

        _done.Dispose();
    }

    public void Label<T>(ref T location, string name) => _locations.SetName(_locations.Find(ref location, ref _threads[0].LocationLabel), name);

    public void LabelLock<T>(ref T location, string name)
    {
        Label(ref location, name);
        _lock.Begin(_locations.Find(ref location, ref _threads[0].LocationLabel));
    }

    public void Untracked(Action action)
    {
        ExecutionMode mode = _mode;
        _mode = ExecutionMode.Observe;
        action();
        _mode = mode;
    }

    public void LabelTouched(Action touch, string[] names)
    {
        int first = _locations.Count;
        touch();
        for (int i = 0; i < names.Length && first + i < _locations.Count; i++)
        {
            _locations.SetName(first + i, names[i]);
        }
    }

    // A thread that is being started has been given a step that none of its accesses has used yet.
    public int StepsOf(int thread) => _threads[thread].Steps - (_threads[thread].HasUnusedStep ? 1 : 0);

    public void Forget(int thread, in StateHash summary)
    {
        if (_mode == ExecutionMode.Explore)
        {
            _threads[thread].Forget(summary);
        }
    }

    public int StoresOf(int thread) => _threads[thread].Stores;

    public int FlushesOf(int thread) => _threads[thread].Stores - _threads[thread].Buffer.Count;

    /// <summary>Builds the state of an execution on thread 0 and gives the turn to the thread that its first decision names.</summary>
    public void BeginExecution(VirtualThread self)
    {
        _locations.Clear();
        _lock.Clear();
        _schedule.Clear();
        _trace?.Clear();
        _last = _halted = _probing = null;
        _memoryVersion = 0;
        _preemptions = _freeAccesses = _freeQuantum = 0;
        foreach (VirtualThread thread in _threads)
        {
            thread.Reset();
        }

        // Setup's labels are the ones below any thread's.
        self.LocationLabel = self.ObjectLabel = 0;
        _mode = ExecutionMode.Setup;
        try
        {
            _statics.RestoreShared();
            _statics.RestoreThread();
            _scenario.PrepareThread(0);
            _scenario.Setup();
            self.LocationLabel = self.ObjectLabel = 1UL << 32;
            _mode = ExecutionMode.Explore;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Fail("Setup threw.", exception);
        }

        HandOver(_mode == ExecutionMode.Explore ? Decide() : null);
    }

    /// <summary>Runs the scenario's program on <paramref name="self"/> and gives the turn away.</summary>
    public void RunProgram(VirtualThread self)
    {
        try
        {
            if (self.Index != 0)
            {
                ExecutionMode mode = _mode;
                _mode = ExecutionMode.Setup;
                _statics.RestoreThread();
                _scenario.PrepareThread(self.Index);
                self.PreparedLabels = (self.LocationLabel, self.ObjectLabel);
                _mode = mode;
            }

            _scenario.Run(self.Index);
        }
        catch (ExecutionAbortedException)
        {
            // The execution was decided before; this was only its unwinding.
        }
        catch (Exception exception)
        {
            if (_mode == ExecutionMode.Explore)
            {
                Fail($"Thread {self.Index} threw.", exception);
            }
        }

        self.IsFinished = true;
        self.HasUnusedStep = false;
        HandOver(_mode == ExecutionMode.Explore ? Decide() : null);
    }

    /// <summary>Gives the turn to <paramref name="next"/>, or, when the execution is decided, to whoever has not unwound; else ends it.</summary>
    private void HandOver(VirtualThread? next)
    {
        if ((next ?? Unfinished(null)) is { } thread)
        {
            thread.Resume();
        }
        else if (EndExecution())
        {
            _threads[0].Begin(ThreadCommand.Setup);
        }
        else
        {
            _done.Set();
        }
    }

    /// <summary>Counts the execution; true when there is another one to run.</summary>
    private bool EndExecution()
    {
        if (Failure is not null)
        {
            return false;
        }

        if (_restart)
        {
            _restart = false;
            _strategy.Restart();
            _probed.Clear();
            Schedules = Steps = 0;
            return true;
        }

        if (!_strategy.Advance())
        {
            IsComplete = true;
            return false;
        }

        return Executions < _options.MaxExecutions;
    }

    private VirtualThread? Unfinished(VirtualThread? except)
    {
        foreach (VirtualThread thread in _threads)
        {
            if (thread is { IsStarted: true, IsFinished: false } && thread != except)
            {
                return thread;
            }
        }

        return null;
    }

    private void Fail(string message, Exception? cause)
    {
        Failure ??= new ScheduleFailure(message, _rules + string.Join(' ', _schedule), _trace?.ToString() ?? "", cause);
        LetGo();
    }

    /// <summary>Ends control: buffers drain and threads run on by themselves until their stacks are unwound.</summary>
    private void LetGo()
    {
        foreach (VirtualThread thread in _threads)
        {
            foreach (BufferedStore store in thread.Buffer)
            {
                _locations.Write(store.Location, store.Value);
            }

            thread.Buffer.Clear();
        }

        _mode = ExecutionMode.Free;
    }
}
