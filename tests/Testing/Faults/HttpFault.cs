namespace Delivery.Testing;

/// <summary>What <see cref="FaultyHttpProxy"/> does to a request.</summary>
public enum HttpFault
{
    None,

    /// <summary>The server gets all of it; the answer comes after a pause.</summary>
    Slow,

    /// <summary>The server gets all of it; the answer comes in small pieces.</summary>
    Dripping,

    /// <summary>The server gets half of the body, then the connection to it is cut, and the client's too.</summary>
    RequestCut,

    /// <summary>The server gets all of it and answers; nobody hears the answer.</summary>
    AnswerLost,

    /// <summary>The client gets half of the answer.</summary>
    AnswerCut,

    /// <summary>The server gets nothing; the client a 500 with a plain text.</summary>
    Status500,

    /// <summary>The server gets nothing; the client an error in the header of a 200.</summary>
    ErrorInHeader,

    /// <summary>The server gets nothing; the client an error in the body of a 200.</summary>
    ErrorInBody,

    /// <summary>The server gets all of it and does it; the client an error in the body of a 200.</summary>
    ErrorAfterDone,

    /// <summary>Interim answers (100 Continue) drip in before the server's own.</summary>
    SlowContinue,

    /// <summary>The server gets all of it; the client never hears a word until it gives up.</summary>
    Silence,
}
