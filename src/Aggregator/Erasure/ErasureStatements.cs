namespace Delivery.Aggregator.Erasure;

/// <summary>
/// What an erasure runs. Statements that change rows are kept by ClickHouse as text, on disk and in <c>system.mutations</c>: so they name nobody, only the
/// table <c>erased</c>. Those that name somebody are SELECTs and an INSERT, with the person as a parameter and without an entry in the query log.
/// </summary>
internal sealed class ErasureStatements(string database, uint account)
{
    /// <summary>Tables with rows about people, whose old parts have to go.</summary>
    public static readonly string[] Tables = ["events", "recipients", "jobs", "links", "mails"];

    private const string NoLog = " SETTINGS log_queries = 0";

    /// <summary>Keys of those with the id <c>{id:String}</c>.</summary>
    public string KeysOf => $"SELECT DISTINCT lower(hex(recipient_key)) FROM recipients WHERE account = {account} AND upstream_id = {{id:String}} AND recipient_key != {NoKey}{NoLog} FORMAT TSV";

    /// <summary>How many recipients have one of <c>{keys:Array(String)}</c>, and how many events those have.</summary>
    public string Count =>
        $"""
        SELECT (SELECT uniqExact(job, recipient) FROM recipients WHERE {OfKeys}),
            (SELECT count() FROM events WHERE account = {account} AND (job, recipient) IN (SELECT job, recipient FROM recipients WHERE {OfKeys})){NoLog} FORMAT TSV
        """;

    /// <summary>Marks them as erased.</summary>
    public string Mark =>
        $"INSERT INTO erased (account, job, recipient) SELECT DISTINCT account, job, recipient FROM recipients WHERE {OfKeys}{NoLog}";

    /// <summary>Ids of events of the account whose reply, or else URL, holds <c>{text:String}</c>, in any case.</summary>
    public string Mentions(string column) =>
        $"SELECT shard, producer, number FROM events WHERE account = {account} AND positionCaseInsensitiveUTF8({column}, {{text:String}}) > 0{NoLog} FORMAT TSV";

    /// <summary>Blanks a column of events by their ids, as <c>(shard,producer,number),…</c>.</summary>
    public string BlankMentions(string column, string ids) =>
        $"ALTER TABLE events UPDATE {column} = '' WHERE account = {account} AND (shard, producer, number) IN ({ids}) AND {column} != '' SETTINGS mutations_sync = 0";

    public string BlankEvents =>
        $"""
        ALTER TABLE events UPDATE mx = '', reply = '', url = '', user_agent = '', ip = toIPv6('::'), reason = if(kind = 'dropped', reason, '')
        WHERE account = {account} AND {IsErased} AND {TellsWho} SETTINGS mutations_sync = 0
        """;

    public string BlankRecipients =>
        $$"""
        ALTER TABLE recipients UPDATE upstream_id = '', domain = '', recipient_key = {{NoKey}}, metadata = '{}'
        WHERE account = {{account}} AND {{IsErased}} AND recipient_key != {{NoKey}} SETTINGS mutations_sync = 0
        """;

    /// <summary>Subject and metadata of jobs that were for nobody else: an app that renders a mail for one person itself puts the person there.</summary>
    public string BlankJobs =>
        $$"""ALTER TABLE jobs UPDATE subject = '', metadata = '{}' WHERE account = {{account}} AND {{OfNobodyElse}} AND subject != '' SETTINGS mutations_sync = 0""";

    public string BlankLinks =>
        $"ALTER TABLE links UPDATE url = '', text = '' WHERE account = {account} AND {OfNobodyElse} AND (url != '' OR text != '') SETTINGS mutations_sync = 0";

    public string BlankMails =>
        $"ALTER TABLE mails UPDATE html = '' WHERE account = {account} AND {OfNobodyElse} AND html != '' SETTINGS mutations_sync = 0";

    /// <summary>Rows that still tell who an erased recipient of the account is: 0 when all is done.</summary>
    public string Left =>
        $"""
        SELECT (SELECT count() FROM events WHERE account = {account} AND {IsErased} AND {TellsWho})
            + (SELECT count() FROM recipients WHERE account = {account} AND {IsErased} AND recipient_key != {NoKey}) FORMAT TSV
        """;

    private static string NoKey => "toFixedString('', 16)";

    private string OfKeys => $"account = {account} AND recipient_key IN (SELECT toFixedString(unhex(arrayJoin({{keys:Array(String)}})), 16))";

    private string IsErased => $"(job, recipient) IN (SELECT job, recipient FROM {database}.erased WHERE account = {account})";

    private static string TellsWho => "(ip != toIPv6('::') OR mx != '' OR reply != '' OR url != '' OR user_agent != '' OR (reason != '' AND kind != 'dropped'))";

    private string OfNobodyElse =>
        $"""
        job IN (SELECT job FROM {database}.recipients WHERE account = {account} AND job IN (SELECT job FROM {database}.erased WHERE account = {account})
            GROUP BY job HAVING countIf((job, recipient) NOT IN (SELECT job, recipient FROM {database}.erased WHERE account = {account})) = 0)
        """;
}
