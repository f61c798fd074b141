namespace FastBuffers.Samples.Resp.Demo;

/// <summary>Shows the demo while it runs: a live table on a terminal, lines elsewhere.</summary>
internal interface IDemoView
{
    /// <summary>Called once, before the clients start.</summary>
    void Start(RespServer server, Tally tally);

    /// <summary>Called every second.</summary>
    void Update();

    /// <summary>Called once, at the end.</summary>
    void Finish(DemoOutcome outcome);
}
