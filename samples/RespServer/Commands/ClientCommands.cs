using System.Globalization;
using System.Text;
using FastBuffers.Samples.Resp.Net;

namespace FastBuffers.Samples.Resp.Commands;

/// <summary>CLIENT ID, SETNAME, GETNAME, SETINFO, INFO, LIST.</summary>
internal static class ClientCommands
{
    public static Command[] All { get; } = [new("client", -2, Run)];

    /// <summary>Names the client by an argument; a bad name is answered with an error.</summary>
    public static bool TrySetName(CommandContext context, int index)
    {
        if (context[index].IndexOfAnyExceptInRange((byte)'!', (byte)'~') >= 0)
        {
            context.Reply.Error(Errors.BadClientName);
            return false;
        }

        context.Client.Name = context.Text(index);
        return true;
    }

    private static void Run(CommandContext context)
    {
        string subcommand = context.Text(1).ToLowerInvariant();
        switch ((subcommand, context.Count))
        {
            case ("id", 2):
                context.Reply.Integer(context.Client.Id);
                break;
            case ("getname", 2) when context.Client.Name.Length == 0:
                context.Reply.Null();
                break;
            case ("getname", 2):
                context.Reply.Bulk(context.Client.Name);
                break;
            case ("setname", 3):
                if (TrySetName(context, 2))
                {
                    context.Reply.Ok();
                }

                break;
            case ("setinfo", 4):
                context.Reply.Ok();
                break;
            case ("info", 2):
                context.Reply.Bulk(Describe(context.Client));
                break;
            case ("list", 2):
                context.Reply.Bulk(DescribeAll(context.Server));
                break;
            case ("id" or "getname" or "setname" or "setinfo" or "info" or "list", _):
                context.Reply.Error(Errors.WrongArguments("client|" + subcommand));
                break;
            default:
                context.Reply.Error(Errors.UnknownSubcommand("CLIENT", context.Text(1)));
                break;
        }
    }

    private static string DescribeAll(RespServer server)
    {
        var text = new StringBuilder();
        foreach (Connection connection in server.Connections)
        {
            text.Append(Describe(connection.Client));
        }

        return text.ToString();
    }

    private static string Describe(Client client) => string.Create(
        CultureInfo.InvariantCulture,
        $"id={client.Id} addr={client.Address} name={client.Name} db=0 sub={client.Channels.Count} omem={client.QueuedBytes} resp=2\n");
}
