namespace FastBuffers.Bench.Gate;

/// <summary>What a row came to. One that could not be measured for want of its peer has neither passed nor failed.</summary>
internal enum Verdict
{
    Pass,
    Fail,
    NotMeasured,
}
