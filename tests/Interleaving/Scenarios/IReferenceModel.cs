namespace FastBuffers.Interleaving.Scenarios;

/// <summary>A tracker's state, one call at a time: what the calls of an execution must be explainable by.</summary>
internal interface IReferenceModel
{
    /// <summary>Does one call; what it must answer.</summary>
    /// <param name="call">The call.</param>
    Outcome Apply(in TrackerCall call);
}
