namespace Delivery.Integration.Tests.Servers;

/// <summary>Postfix: PIPELINING, CHUNKING, SMTPUTF8, STARTTLS, and a login (<see cref="PostfixLogin"/>) where it is asked to.</summary>
internal sealed class PostfixServer : MailServer
{
    private readonly PostfixProcess _postfix;

    private PostfixServer(PostfixProcess postfix) => (_postfix, Port) = (postfix, postfix.Port);

    public override string Inbox => _postfix.Inbox;

    public override string Certificate => _postfix.Certificate;

    /// <summary>What Postfix has logged so far.</summary>
    public string Log => _postfix.Log;

    /// <param name="mechanisms">Those of its login, without which it then takes no mail; null for none.</param>
    public static async Task<PostfixServer> StartAsync(string? mechanisms = null) => new(await PostfixProcess.StartAsync(stores: true, mechanisms));

    public override async ValueTask DisposeAsync()
    {
        await _postfix.DisposeAsync();
        await base.DisposeAsync();
    }
}
