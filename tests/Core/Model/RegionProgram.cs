using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Model;

/// <summary>Runs a program on regions and on the model, and fails at the first difference.</summary>
internal sealed partial class RegionProgram
{
    private readonly RegionStep[] _steps;
    private readonly RegionUnderTest[] _regions;
    private readonly List<RegionView> _views = [];
    private readonly List<RegionHold> _holds = [];
    private readonly List<string>? _log;
    private int _next;

    private RegionProgram(RegionCase program, List<string>? log)
    {
        _steps = program.Steps;
        _log = log;
        _regions = [new RegionUnderTest("a", program.First, program.Form), new RegionUnderTest("b", program.Second, program.Form)];
        _views.AddRange(_regions.Select(static region => new RegionView(region, null, 0, 0)));
    }

    internal static void Run(RegionCase program) => Run(program, log: null);

    /// <summary>The shortest program that can be made of a failing one by leaving steps out, as text.</summary>
    internal static string Explain(RegionCase program)
    {
        RegionStep[] steps = ShortestProgram.Of(program.Steps, steps => Fails(program with { Steps = steps }, []));
        List<string> log = [$"{program.Form} regions: a of {program.First} bytes, b of {program.Second} bytes"];
        Fails(program with { Steps = steps }, log);
        return string.Join(Environment.NewLine, log);
    }

    private static void Run(RegionCase program, List<string>? log)
    {
        var run = new RegionProgram(program, log);
        run.Play(program.Steps.Length);
        run.End();
    }

    private static bool Fails(RegionCase program, List<string> log)
    {
        try
        {
            Run(program, log);
            return false;
        }
        catch (Exception exception)
        {
            log.Add(exception.Message);
            return true;
        }
    }

    private void Play(int until)
    {
        while (_next < Math.Min(until, _steps.Length))
        {
            Step(_steps[_next++]);
            Check();
        }
    }

    // Whatever is left is released, and then nothing is held and all is freed.
    private void End()
    {
        Array.ForEach(_regions, static region => region.Region.Dispose());
        Array.ForEach(_regions, static region => region.Model.Retire());
        Note("the end");
        Check();
        foreach (RegionHold hold in _holds)
        {
            hold.Release();
            hold.Of.Model.Release(hold.Model);
            Check();
        }

        Assert.All(_regions, static region => Assert.True(region.Region.IsClosed));
    }

    private void Check()
    {
        foreach (RegionUnderTest region in _regions)
        {
            region.Check();
        }

        foreach (RegionHold hold in _holds)
        {
            hold.Check();
        }
    }

    // Both came to the same answer.
    private void Same(Answer expected, Answer actual, FormattableString what)
    {
        _log?.Add($"{what}: {actual}");
        if (expected != actual)
        {
            Assert.Fail($"{what}: {actual}, not {expected}.");
        }
    }

    private void Note(string what) => _log?.Add(what);

    // One of the latest, mostly alive: counted from the end, so that it is the same one when earlier steps are left out.
    private RegionHold? Pick(int number, Func<RegionHold, bool> suits)
    {
        bool any = number % 8 == 0;
        int left = number / 8 % 16;
        RegionHold? picked = null;
        for (int i = _holds.Count - 1; i >= 0 && left >= 0; i--)
        {
            if ((any || _holds[i].Model.IsLive) && suits(_holds[i]))
            {
                picked = _holds[i];
                left--;
            }
        }

        return picked;
    }

    // One of the regions, or of the latest slices.
    private RegionView View(int number)
    {
        int back = number / 8 % 8;
        return number % 8 < 3 || back >= _views.Count ? _views[number & 1] : _views[^(back + 1)];
    }

    // A number of bytes, or a place: mostly inside.
    private static int Within(int number, int limit) => number switch
    {
        0 => -1,
        1 => limit + 1,
        2 => int.MaxValue,
        _ => number % (limit + 1),
    };

    private RegionHold Add(RegionUnderTest of, ModelHold? model, Lease lease)
    {
        var hold = new RegionHold(_holds.Count, of, model!) { Lease = lease };
        _holds.Add(hold);
        return hold;
    }
}
